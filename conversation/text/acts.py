"""Dialogue acts of a short reply: what the user does with it, whatever the question was."""

import re
from enum import Enum

from conversation.text.normalise import normalise, without_fillers


class Act(Enum):
    """What a reply does. A reply may do several things."""

    YES = "yes"
    NO = "no"
    REFUSE = "refuse"
    HELP = "help"
    """Asks back, or did not understand."""
    DEFER = "defer"
    UNSURE = "unsure"
    AGENT = "agent"
    QUIT = "quit"
    COERCED = "coerced"
    """Somebody else directs, threatens or listens."""
    ALONE = "alone"
    """Nobody else takes part; the user's own decision."""
    FORGOT = "forgot"
    """Cannot remember or does not know."""


_YES_WORDS = (
    r"yes|yeah|yea|yep|yup|ya|yessir|aye|sure|certainly|definitely|absolutely|correct|right|exactly|precisely|"
    r"indeed|affirmative|approved?|agreed|"
    r"confirmed|ok|okay|okey|fine|alright|all right|of course|mhm|mm ?hm+|uh huh|by all means|feel free|"
    r"be my guest|go ahead|go for it|go on|"
    r"do it|please do|proceed|send it|why not|sounds (?:good|right|fine)|all good|perfect|that works|true|totally|"
    r"for sure|you bet|no doubt|gladly|"
    r"i (?:do|am|did|have|can|will|was|would(?! rather| prefer)|agree|accept|consent|confirm|approve|understand|"
    r"authori[sz]e|guess so)|it is|it does|that is|they (?:do|are|did)|"
    r"that's (?:me|it|right|correct|fine|ok|okay|true|what i want|the one|good|perfect)|that would be|"
    r"this is (?:he|she|me|him|her)|speaking|"
    r"sí|si|claro|vale|de acuerdo|por supuesto|correcto|así es|exacto|cómo no|desde luego|conforme|oui|ouais|"
    r"d'accord|bien sûr|exact|exactement|"
    r"tout à fait|volontiers|c'est (?:ça|exact|moi|bon)|ja|jawohl|jo|natürlich|klar|genau|in ordnung|"
    r"einverstanden|stimmt|richtig|gerne|"
    r"certo|va bene|d'accordo|esatto|certamente|sim|claro que sim|com certeza|isso|exato|pode ser|concordo|aceito|"
    r"acepto|j'accepte"
)
_NO_WORDS = (
    r"no|nope|nah|never|negative|not (?:at all|really|me|yet|any ?more|now|today|that|quite|exactly)|"
    r"absolutely not|certainly not|of course not|"
    r"definitely not|no way|stop|cancel|abort|wait wait|don't|do not|please don't|please stop|hold it|forget it|"
    r"wrong|incorrect|false|"
    r"i (?:don't|do not|didn't|did not|am not|wasn't|can't|cannot|disagree|object|refuse|decline|haven't|have not|"
    r"won't|will not|never|wouldn't)|"
    r"i'm not|i'd rather not|that's (?:not|wrong|incorrect|a no)|that is (?:not|wrong|incorrect)|it's not|"
    r"it isn't|it is not|it doesn't|this is not|they (?:didn't|don't|aren't)|"
    r"nobody|no one|none|nothing|neither|nada|nunca|jamás|tampoco|para nada|non|pas du tout|ce n'est pas|jamais|"
    r"pas encore|surtout pas|"
    r"nein|nee|nö|niemals|auf keinen|lieber nicht|keineswegs|überhaupt nicht|falsch|affatto|per niente|não|"
    r"nem pensar|de jeito nenhum"
)
_PATTERNS: tuple[tuple[Act, str], ...] = (
    (Act.REFUSE,
     r"\b(?:rather (?:not|keep)|prefer (?:not|to keep)|keep (?:that|it|this) (?:private|to myself)|(?:won't|"
     r"will not|not going to|ain't|refuse to|decline to|"
     r"(?:don't|do not) (?:want|wish|need|have|like) to (?:say|tell|give|answer|share|do|show|disclose|talk|"
     r"discuss)?|i'm not|i am not|not) ?(?:telling|saying|giving|showing|answering|sharing|"
     r"doing|tell you|say|give you|answer|disclos\w+|tell|give|share|show|do that|comfortable)|i refuse|i decline|"
     r"none of your|no business of yours|not your business|"
     r"(?:that's|it's|is|that is) (?:private|personal|confidential)|told (?:me )?(?:never|not) to|never ask|"
     r"why should i|don't see why|no way|not comfortable|"
     r"mind your own|leave me alone|no comment|not happening|do i have to|i don't want to|i'd prefer you didn't|"
     r"no quiero|prefiero no|no te lo digo|no se lo digo|no le importa|je (?:ne )?veux pas|je préfère (?:ne )?pas|"
     r"je refuse|ça ne vous regarde pas|"
     r"(?:das )?will ich nicht|ich will nicht|möchte ich (?:lieber )?nicht|(?:möchte|sage|gebe) (?:ich )?(?:das |"
     r"es |ihnen )*nicht|geht (?:sie|dich|euch) (?:gar )?nichts an|"
     r"non voglio|preferisco di no|preferisco non|não quero|prefiro não)\b|^not telling|^skip\b|^pass$"),
    (Act.AGENT,
     r"\b(?:real person|human(?: being)?|operator|representative|(?:an?|the|your) agent|agent please|(?:speak|"
     r"talk) (?:to|with) (?:a|an|some|your)|supervisor|manager|actual person|"
     r"una persona|un humano|un agente|un conseiller|une vraie personne|un humain|einen? (?:echten )?(?:menschen|"
     r"mitarbeiter)|un operatore|um atendente|uma pessoa)\b"),
    (Act.QUIT,
     r"\b(?:goodbye|good bye|bye|hang(?:ing)? up|i quit|end (?:this|the call|it)|(?:want|need|like) to (?:stop|"
     r"end|quit|leave|abort)|i'm done with this|i give up|"
     r"let me out|adiós|au revoir|tschüss|auf wiedersehen|arrivederci|tchau)\b"),
    (Act.HELP,
     r"^(?:what|which|why|how|who|who's|where|huh|pardon|sorry|excuse me|hä|was|wie|wieso|warum|wozu|wer|"
     r"welche[rs]?|qué|cómo|cuál|quién|por qué|para qué|quoi|comment|pourquoi|qui|quel(?:le)?|"
     r"hein|cosa|come|perché|chi|quale|o quê|o que|quem|qual|por quê|para quê|is (?:this|that|it|the|there)|"
     r"are (?:you|there|we)|"
     r"do (?:you|i)|does|what's|will (?:you|it|this)|is it|can you|could you|would you)\b(?! (?:ever|a |an |"
     r"not\b.*[.!]$))|"
     r"\b(?:don't|didn't|do not|did not|not|can't) (?:really |quite |fully )?(?:understand|get it|get that|catch|"
     r"follow|sure what|hear)|"
     r"\b(?:repeat|say (?:that|it) again|come again|one more time|explain|clarify|help me|assist|i'm lost|lost me|"
     r"you lost|confus(?:ed|ing)|what do you mean|what does|"
     r"speak up|no entiendo|no he entendido|no comprendo|pas compris|comprends pas|no sé qué|"
     r"verstehe (?:ich )?nicht|nicht verstanden|non capisco|não entendi|"
     r"need (?:some )?help|ayuda|aidez|helfen sie|hilfe|aiuto|ajuda|how do i|how does|what am i|means what|"
     r"wiederholen|répéter|repetir|ripetere)\b"),
    (Act.DEFER,
     r"\b(?:later|tomorrow|tonight|this evening|another (?:time|day)|some other time|call (?:me )?back|"
     r"next (?:week|month|time)|not (?:right )?now|in (?:a|an|five|ten|\d+) (?:minutes?|moment|bit|hours?|while)|"
     r"give me a (?:minute|moment|second|sec)|one (?:second|moment|minute|sec)|just a (?:second|moment|minute)|"
     r"hold on|hang on|not yet|más tarde|luego|mañana|ahora no|un momento|"
     r"plus tard|demain|pas maintenant|un instant|später|morgen|jetzt nicht|moment|più tardi|domani|mais tarde|"
     r"amanhã|agora não)\b"),
    (Act.UNSURE,
     r"\b(?:not (?:yet |really |quite |entirely |too |so |100% )?(?:sure|certain)|maybe|perhaps|i think so|"
     r"let me think|it depends|depends|haven't decided|need to (?:think|check)|i guess(?: so)?|"
     r"undecided|possibly|probably|hard to say|can't say|unsure|quizás|quizá|tal vez|creo que sí|"
     r"no estoy segur[oa]|depende|peut-être|je (?:ne )?suis pas sûre?|ça dépend|"
     r"vielleicht|bin (?:mir )?nicht sicher|kommt darauf an|weiß (?:ich )?nicht(?: genau)?|forse|"
     r"non sono sicur[oa]|talvez|não tenho certeza|hmm+)\b"),
    (Act.FORGOT,
     r"\b(?:(?:don't|do not|can't|cannot|couldn't) (?:really |quite )?(?:remember|recall|know|think of)|no idea|"
     r"not a clue|no clue|haven't a clue|forg[oe]t\w*|dunno|beats me|slipped my mind|"
     r"no (?:me )?(?:acuerdo|recuerdo)|no (?:lo )?sé|ni idea|(?:ne )?sais pas|aucune idée|souviens pas|"
     r"keine ahnung|weiß (?:ich |es )?nicht|erinnere mich nicht|vergessen|"
     r"non (?:lo so|ricordo)|boh|não (?:sei|lembro|me lembro))\b"),
    (Act.COERCED,
     r"(?:\b(?:he|she|they|someone|somebody|a (?:man|woman|lady|guy|caller|police officer|policeman|technician|"
     r"friend|colleague|lawyer)|an? (?:agent|officer|adviser|advisor)|my (?:adviser|advisor|boyfriend|girlfriend|"
     r"boss|"
     r"husband|wife|son|daughter|friend|broker)|the (?:man|woman|caller|technician|bank|agent|support man|police|"
     r"officer|lady|guy|gentleman)|(?:microsoft|support|bank|fraud|police) (?:team|department))\b"
     r".{0,40}\b(?:says? i|said i|telling me|tells? me|told me|making me|makes me|made me|asked me|asks me|"
     r"wants me|forcing|forced me|forces me|walking me|guiding|guides|instruct\w+|threaten\w*|"
     r"on the (?:other )?(?:line|phone|end)|listening|watching me|will (?:hurt|arrest|kill)|explaining (?:it|each|"
     r"every|what)|dictat\w+|has my)\b)|"
     r"\b(?:can't talk freely|can't speak freely|not free to talk|have no choice|got no choice|i have to or|"
     r"call the police|i'm scared|i am afraid of|has a (?:knife|gun)|threaten\w*|being forced|"
     r"against my will|or (?:else )?(?:they|he|she)(?:'ll| will) (?:hurt|kill|arrest)|not (?:allowed|"
     r"supposed) to (?:say|tell)|told (?:me )?(?:not to tell|to say|what to say|to hurry|to move)|"
     r"move (?:it|my money|everything) to a safe account|safe account|me (?:está|están) (?:obligando|diciendo)|"
     r"me obliga\w*|on me force|il me dit|elle me dit|me menace\w*|"
     r"(?:er|sie|man) zwing\w+ mich|er sagt mir|werde (?:ich )?(?:gezwungen|bedroht)|mi (?:sta )?(?:costring\w+|"
     r"obblig\w+)|me (?:está )?(?:obrig|forç)\w+)\b"),
    (Act.ALONE,
     r"\b(?:nobody|no one|noone|only me|just me|(?:it's|it is|it was|that's) (?:only|my own|entirely my|"
     r"completely my|all me|my decision|my idea|my choice)|my own (?:decision|idea|choice|free will)|"
     r"(?:by|for) myself|on my own|(?:all|completely) alone|i'm alone|i am alone|free will|nadie|estoy sol[oa]|"
     r"yo sol[oa]|personne|tout(?:e)? seule?|je suis seule?|niemand|(?:ganz )?allein|"
     r"nessuno|da sol[oa]|ninguém|sozinh[oa])\b"),
)  # fmt: skip
_COMPILED = tuple((act, re.compile(pattern)) for act, pattern in _PATTERNS)
_YES_START = re.compile(rf"^(?:(?:oh|ah|well|hello|hi|please)\s+)?(?:{_YES_WORDS})(?!\w)")
_NO_START = re.compile(rf"^(?:(?:oh|ah|well|hello|hi|please|sorry|actually)\s+)?(?:{_NO_WORDS})(?!\w)")
_YES_INSIDE = re.compile(
    r"\b(?:go ahead|i (?:accept|agree|consent|approve|confirm)|fine (?:by|with) me|that's fine|no objections?|"
    r"don't mind|no problem|by all means|you may|happy to|"
    r"sure am|sure do|sure is|yes|yeah|de acuerdo|d'accord|einverstanden|va bene)\b"
)
_NO_INSIDE = re.compile(
    r"\b(?:rather not|prefer (?:you )?(?:not|didn't)|(?:don't|do not|can't|cannot|won't) (?:agree|accept|consent|"
    r"send|approve|want|allow|think so|do that)|not comfortable|against it|"
    r"changed my mind|cancel (?:it|that|this)|i disagree|wrong (?:person|number)|any ?more|no thank you|no thanks|"
    r"not (?:interested|true|correct|right))\b"
)
_POLITE_YES = re.compile(
    r"^(?:(?:yeah|yes|no|sure) )*(?:no (?:problem|objections?|worries|issues?|doubt)|(?:no )?i (?:don't|do not|"
    r"wouldn't) mind|yeah no that's (?:right|correct|fine)|not a problem|"
    r"why not|fine (?:by|with) me|(?:kein problem|ningún problema|sin problema|pas de problème|aucun problème|"
    r"nessun problema|sem problema))\b"
)
_CORRECTED = re.compile(
    r"^(?:yes|yeah|sure|ok|okay|no|nope).*\b(?:no wait|wait no|actually (?:no|not|yes)|i mean (?:no|yes)|"
    r"sorry (?:no|yes)|no no|on second thought)\b"
)


def acts(reply: str) -> frozenset[Act]:
    """Return the acts of a reply; empty for plain content. YES and NO never stand together."""
    text = normalise(without_fillers(reply))
    found = {act for act, pattern in _COMPILED if pattern.search(text)}
    if Act.COERCED in found and re.match(r"(?:nobody|no one|no,? nobody|no,? no one|nadie|personne|niemand)\b", text):
        found.discard(Act.COERCED)
    if Act.HELP in found and re.match(r"(?:why not|how's this|what about|what a|like this)\b", text):
        found.discard(Act.HELP)
    answer = _yes_or_no(text, found)
    if answer:
        found.add(answer)
    return frozenset(found)


def _yes_or_no(text: str, found: set[Act]) -> Act | None:
    if _POLITE_YES.match(text):
        return Act.YES
    corrected = _CORRECTED.match(text)
    if corrected:
        tail = re.findall(r"\b(?:yes|no|not)\b", corrected.group())
        return Act.YES if tail and tail[-1] == "yes" else Act.NO
    short = len(text.split()) <= 6
    starts_yes, starts_no = _YES_START.match(text), _NO_START.match(text)
    if starts_yes and starts_no:
        # "I am not" begins like "I am": the longer reading is the right one.
        return Act.NO if starts_no.end() > starts_yes.end() else Act.YES
    yes = bool(starts_yes) or (short and bool(_YES_INSIDE.search(text)))
    no = bool(starts_no) or bool(_NO_INSIDE.search(text))
    if starts_no or (starts_yes and _NO_INSIDE.search(text)):
        yes = False
    elif yes:
        no = False
    if Act.REFUSE in found and not _YES_START.match(text):
        return Act.NO
    if Act.UNSURE in found and not re.match(r"(?:yes|no|nope|yeah|yep|definitely)\b", text):
        return None
    if Act.HELP in found and not re.match(r"(?:yes|no|nope|yeah|yep|sí|oui|non|ja|nein)\b", text):
        return None
    return Act.YES if yes else Act.NO if no else None
