"""Advice on the wording of a flow: prompts, conditions, placeholders, the language they are written in."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from conversation.flow.graph import FlowGraph
from conversation.flow.nodes import (
    ConversationNode,
    EnterEmailNode,
    ExternalCallNode,
    RecognitionNode,
    TwoFactorNode,
)
from conversation.flow.schema.problems import Advice
from conversation.text.conditions import no_answer_outcome
from conversation.text.language import likely_language
from conversation.text.phrasing import verbatim
from conversation.text.templates import placeholders

_BRANCH = re.compile(
    r"\bif\b.{1,300}?\b(?:else|otherwise|if not)\b|\b(?:if|when) (?:the user|they|he|she|so|not|yes|no)\b.{1,300}?"
    r"\b(?:if|when) (?:the user|they|he|she|so|not|yes|no)\b",
    re.IGNORECASE | re.DOTALL,
)
_DOUBLE_BRACES = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
_FEWEST_WORDS = 5
_SPOKEN_KEYS = frozenset({"name", "first_name", "last_name", "email", "phone", "date_of_birth", "amount", "number"})
_LANGUAGE_NAMES = {"es": "Spanish", "fr": "French", "de": "German", "it": "Italian", "pt": "Portuguese"}


def prompt_advice(graph: FlowGraph, provided: Collection[str] | None) -> Iterator[Advice]:
    """Advice on every prompt. ``provided``: names of the data that the session brings, when known."""
    known = _known_keys(graph, provided)
    for node in graph.conversations():
        goal = verbatim(node.prompt) is None
        if goal and _BRANCH.search(node.prompt):
            message = f"node '{node.id}' has an if and an else in its prompt; branch with outcomes and nodes instead"
            yield Advice("branching_prompt", message)
        if goal and _has_no_exit(node):
            message = (
                f"node '{node.id}' pursues a goal and has no way out for a person who stays silent or refuses; add "
                "an outcome such as 'no answer after 3 attempts'"
            )
            yield Advice("open_goal", message)
        yield from _placeholder_advice(node, known)
    yield from _language_advice(graph)


def _has_no_exit(node: ConversationNode) -> bool:
    if node.does_not_require_reply or node.unconditional is not None or node.await_external is not None:
        return False
    return no_answer_outcome((outcome.id, outcome.condition) for outcome in node.outcomes) is None


def _known_keys(graph: FlowGraph, provided: Collection[str] | None) -> frozenset[str] | None:
    """Lower-case names that a prompt can be filled from; None when that cannot be known."""
    if provided is None:
        return None
    known = {*map(str.lower, provided), *_SPOKEN_KEYS}
    for node in graph.nodes.values():
        if isinstance(node, ExternalCallNode) or (isinstance(node, ConversationNode) and node.await_external):
            return None  # the integrator's server may answer anything
        if isinstance(node, EnterEmailNode | TwoFactorNode):
            known |= {"email", "phone"}
        if isinstance(node, RecognitionNode):
            known |= {"name", "email", "phone", "company", "jobtitle"}
    return frozenset(known)


def _placeholder_advice(node: ConversationNode, known: frozenset[str] | None) -> Iterator[Advice]:
    for key in dict.fromkeys(_DOUBLE_BRACES.findall(node.prompt)):
        message = f"node '{node.id}' would say the braces of {{{{{key}}}}} aloud; in a prompt write {{{key}}}"
        yield Advice("placeholder", message)
    if known is None:
        return
    for key in placeholders(node.prompt):
        if key.lower() not in known:
            message = f"node '{node.id}' asks for '{{{key}}}', which nothing provides; add '{key}' to providedData"
            yield Advice("placeholder", message)


def _language_advice(graph: FlowGraph) -> Iterator[Advice]:
    found = {node.id: language for node in graph.conversations() if (language := _language(node)) is not None}
    counts = Counter(found.values())
    if len(counts) > 1:
        for node_id, language in found.items():
            if language != "en":
                message = (
                    f"node '{node_id}' is written in {_LANGUAGE_NAMES.get(language, 'another language')} and others "
                    "are not; write every prompt and condition in English, the avatar translates"
                )
                yield Advice("authoring_language", message)
    elif counts and "en" not in counts:
        language = next(iter(counts))
        message = (
            f"node '{next(iter(found))}' and all others are written in "
            f"{_LANGUAGE_NAMES.get(language, 'another language')}; write in English, the avatar translates"
        )
        yield Advice("authoring_language", message)


def _language(node: ConversationNode) -> str | None:
    parts = [verbatim(node.prompt) or node.prompt, *(o.condition for o in node.outcomes if not o.unconditional)]
    text = re.sub(r"\{[^}]*\}", " ", " ".join(parts))
    return likely_language(text) if len(text.split()) >= _FEWEST_WORDS else None
