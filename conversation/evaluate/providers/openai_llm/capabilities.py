"""What a chat server supports, and what to do without when it complains. Pure.

"OpenAI-compatible" servers differ in which parameters of ``POST /v1/chat/completions`` they take. Each starts with
everything; an error 400 or 422 that names a parameter takes that one away.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class OutputFormat(StrEnum):
    """How a server can be held to a JSON answer, strongest first."""

    JSON_SCHEMA = "json_schema"
    """``response_format`` with a strict schema."""
    JSON_OBJECT = "json_object"
    """``response_format`` that promises some JSON object; the fields are checked here."""
    TEXT = "text"
    """No ``response_format``; the answer is looked for in the text."""


_WEAKER = {OutputFormat.JSON_SCHEMA: OutputFormat.JSON_OBJECT, OutputFormat.JSON_OBJECT: OutputFormat.TEXT}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The parameters that a server takes."""

    output_format: OutputFormat = OutputFormat.JSON_SCHEMA
    token_limit_parameter: str | None = "max_completion_tokens"
    """Name of the output limit; older servers call it ``max_tokens``, None where neither is taken."""
    temperature: bool = True
    logprobs: bool = True


def weaker_format(capabilities: Capabilities) -> Capabilities | None:
    """Return the same with the next weaker output format, or None below plain text."""
    weaker = _WEAKER.get(capabilities.output_format)
    return None if weaker is None else replace(capabilities, output_format=weaker)


def without_refused(capabilities: Capabilities, complaint: str) -> Capabilities | None:
    """Return what is left after a server refused a request with ``complaint``, or None when it names nothing of ours.

    ``complaint`` is the parameter named in the error, or else its message.
    """
    said = complaint.lower()
    if capabilities.token_limit_parameter is not None and capabilities.token_limit_parameter in said:
        older = "max_tokens" if capabilities.token_limit_parameter == "max_completion_tokens" else None
        return replace(capabilities, token_limit_parameter=older)
    if capabilities.logprobs and "logprobs" in said:
        return replace(capabilities, logprobs=False)
    if capabilities.temperature and "temperature" in said:
        return replace(capabilities, temperature=False)
    if any(word in said for word in ("response_format", "json_schema", "json_object", "schema", "grammar")):
        return weaker_format(capabilities)
    return None
