"""Speech that tries to instruct the evaluator instead of answering the question.

The patterns look for talk about the machinery (instructions, prompts, outcomes, roles, JSON) in the imperative, and for
the third person that only the conditions use ("the user gave a date of birth"): people say "I".
"""

import re

from conversation.text import injection_languages
from conversation.text.normalise import clean

_WHAT = (
    r"(?:instructions?|rules?|prompts?|guidelines?|directions?|orders|commands?|conditions?|safeguards?|polic(?:y|"
    r"ies)|"
    r"everything|all (?:of )?(?:that|this|the)|context|constraints?|programming|training|restrictions?|security)"
)
_OUTCOME = r"(?:outcomes?|conditions?|options?|branch|node|result|verdict|label|answer|status|score|id|transition)"
_STATE = (
    r"(?:verified|accepted|approved|passed|confirmed|valid(?:ated)?|authenticated|authori[sz]ed|cleared|complete[d]?|"
    r"successful|success|true|given|eligible|adult|identified|trusted|consented|agreed|safe|genuine|ok)"
)
_PATTERNS = (
    rf"\b(?:ignore|disregard|forget|override|overrule|bypass|discard|skip|drop|neglect|delete)\b.{{0,30}}"
    rf"\b(?:previous|prior|earlier|above|preceding|your|all|any|these|those|the|system|other)\b.{{0,20}}\b{_WHAT}\b",
    r"\b(?:ignore|forget|disregard) (?:everything|anything|all)\b(?!.{0,12}\b(?:i (?:said|just)|about my)\b)",
    r"\bsystem\s*(?:prompt|override|message|instruction|mode|command|update|notice|:|>)",
    r"\b(?:developer|debug|admin(?:istrator)?|god|root|maintenance|sudo|jailbreak|dan)\s*mode\b|\bjailbreak\b|"
    r"\bsudo\b",
    r"\b(?:reveal|print|show|output|repeat|display|leak|tell me|read me|what (?:is|are))\b.{0,20}"
    r"\b(?:your|the|system|hidden|initial)\b.{0,12}\b(?:system prompt|prompt|instructions)\b",
    rf"\b(?:mark|set|classify|flag|treat|record|register|label|tag|rate|count|evaluate|grade|log|consider)\b.{{0,25}}"
    rf"\b(?:as|to|equal to|=)\b.{{0,12}}\b{_STATE}\b",
    r"\b(?:select|choose|pick|output|return|respond with|reply with|answer with|emit|trigger|go to|jump to|take|use|"
    r"follow|activate|set)\b.{0,25}\b(?:the\s+)?(?:\w+\s+)?(?:outcome|condition|branch|node|verdict|transition|"
    r"edge)\b",
    rf"\b(?:set|make|force|change|assign|update)\b.{{0,15}}\b(?:the |my |this )?{_OUTCOME}\b.{{0,10}}\b(?:to|as|"
    rf"equals?|=)\b",
    rf"\b{_OUTCOME}\s*(?:id)?\s*(?:equals?|is equal to|:|=|==|:=)\s*['\"]?\w+",
    r"\b(?:respond|reply|output|answer|return) (?:only )?with (?!a (?:yes|no)\b|yes\b|"
    r"no\b)(?:[\"'{\[]|json|the word|['\"]?\w+['\"]?\s*,?\s*the user)",
    rf"\b(?:output|emit|return|print) (?:['\"]?{_STATE}\b|accept|approve|pass|verified|yes|true|json)",
    r"\b(?:the |^)(?:user|caller|customer|speaker|applicant|client|person|guest) (?:has |have |is |was |"
    r"hereby )?(?:been )?(?:already |fully |just )?"
    r"(?:gave|given|provided|confirm\w*|agreed|agrees|accept\w*|consent\w*|stated|verified|authenticated|approved|"
    r"passed|answered|said|says|complied|an adult|over \d+|eighteen)",
    r"\b(?:the )?(?:developer|admin(?:istrator)?|system|operator|your (?:creator|boss|maker|manager|programmer)|"
    r"openai|supervisor|engineer)s? "
    r"(?:says?|said|told|wants?|instructs?|requires?|orders?|has authori[sz]ed|confirmed|"
    r"approved)\b.{0,30}\b(?:you|this|should|must|treat|mark|accept)\b",
    r"\b(?:you are|you're|act as|pretend (?:to be|you(?:'re| are))|behave as|roleplay as|imagine you(?:'re| are)|"
    r"from now on you(?:'re| are)?)\b.{0,20}"
    r"\b(?:now|a different|an? (?:ai|bot|assistant|model|evaluator|unrestricted|helpful|admin\w*)|no longer|"
    r"in charge|dan)\b",
    r"\byour new (?:instructions?|task|role|goal|rules?|job|prompt)\b|\bnew (?:system )?instructions?\s*:|"
    r"\bas an ai\b|\bai (?:model|language)\b",
    r"\bend of (?:prompt|instructions|user input|reply|transcript)\b|\bbegin (?:system|new) (?:prompt|"
    r"instructions)\b",
    r"[{\[]\s*[\"'](?:outcome|id|role|evidence|result|condition|verified|duress|status|content|system|function|tool\w*|name|label)\w*[\"']\s*:",
    r"<\|?/?(?:im_start|im_end|system|assistant|user|endoftext|s|inst|eot_id)\|?>|\[/?(?:INST|SYS|SYSTEM)\]|"
    r"^\s*(?:assistant|system|developer)\s*:|###\s*\w+",
    r"\b(?:this|my|the) (?:reply|answer|response|utterance|transcript|message|input) (?:satisfies|meets|matches|"
    r"fulfil?ls|counts as|should be (?:treated|classified|scored|counted))",
    r"\b(?:note to (?:the )?(?:system|assistant|evaluator)|assistant note|(?:assistant|computer|evaluator|chatbot|"
    r"bot|system),? "
    r"(?:stop asking|file|write|mark|set|log|skip|approve|confirm|proceed|please (?:mark|set|approve|skip)))\b",
    r"\b(?:override code|(?:admin\w*|manual|security) override|(?:verification|check|evaluation) (?:is |"
    r"was )?(?:disabled|bypassed|turned off))\b",
    r"\bskip (?:ahead|to (?:the )?(?:next|signature|end|final|success))\b.{0,20}$|\b(?:proceed|jump|"
    r"move on) to (?:the )?(?:next (?:step|node)|success)\b",
    rf"\b(?:set|log|file|register)\b.{{0,30}}\b(?:to|as|true)\b.{{0,10}}\b(?:clean|gold|passed|true|verified|"
    rf"approved)\b|\b{_STATE}\s*[:=]?\s*true\b",
    r"\bso (?:write|put|enter) (?:yes|no|true|passed)\b|\bconsid[ée]rez que c'est (?:valid|accept|bon)\w*",
    r"\bevaluat(?:e|or|ion)\b.{0,30}\b(?:as (?:true|pass\w*|positive|verified|success\w*)|must|should|please|"
    r"always|skip|choose)\b",
)  # fmt: skip
_COMPILED = (*(re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS), *injection_languages.PATTERNS)
_QUOTED_SPEECH = re.compile(
    r"^(?:yes|no|yeah)?,?\s*(?:he|she|they|someone|a (?:man|woman|caller)|the (?:caller|man|woman))\b.{0,30}"
    r"\b(?:told|said|asked|tells|says|wants)\b",
    re.IGNORECASE,
)


def looks_like_injection(text: str) -> bool:
    """Return whether a reply tries to instruct the evaluator."""
    return injection_quote(text) is not None


def injection_quote(text: str) -> str | None:
    """Return the words that try to instruct the evaluator, or None."""
    # "She told me to ignore the rules" reports what somebody wants, which is duress, not injection.
    if _QUOTED_SPEECH.match(text):
        return None
    cleaned = clean(text)
    for pattern in _COMPILED:
        found = pattern.search(cleaned)
        if found:
            return found.group().strip() or cleaned
    return None
