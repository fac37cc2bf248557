"""What a chat server really does with our parameters, learned at start-up by asking it a question with a trap."""

import logging
from dataclasses import dataclass

from conversation.evaluate.providers.openai_llm.capabilities import Capabilities, OutputFormat, weaker_format
from conversation.evaluate.providers.openai_llm.endpoint import ChatEndpoint, ChatFailure, ChatRequest, FailureKind
from conversation.evaluate.providers.openai_llm.prompt import json_object

logger = logging.getLogger(__name__)

# The schema forbids the value that the message asks for: only a server that enforces the schema gets it right.
_TRAP = ChatRequest(
    messages=(
        {"role": "system", "content": "You answer with one JSON object."},
        {"role": "user", "content": 'Answer exactly {"answer": "maybe"}'},
    ),
    schema={
        "type": "object",
        "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
        "required": ["answer"],
        "additionalProperties": False,
    },
    max_output_tokens=40,
    logprobs=True,
)


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found out about a server."""

    endpoint: str
    model: str
    capabilities: Capabilities
    problem: str = ""
    """Why the server could not be asked; empty when it answered."""


async def probe(endpoint: ChatEndpoint, *, timeout: float = 10.0) -> Probe:
    """Find out what the server supports and let ``endpoint`` remember it. Never raises.

    ``timeout`` is for one request, long enough for a server that loads its model first; at most three are sent.
    """
    problem = ""
    for _ in OutputFormat:
        try:
            completion = await endpoint.complete(_TRAP, timeout=timeout)
        except ChatFailure as failure:
            problem = str(failure)
            if failure.kind is not FailureKind.ANSWER:
                break
            answer = None
        else:
            problem = ""
            answer = json_object(completion.text)
        learned = endpoint.capabilities
        kept = (
            learned.output_format is OutputFormat.TEXT
            or (learned.output_format is OutputFormat.JSON_OBJECT and answer is not None)
            or (answer or {}).get("answer") in ("yes", "no")
        )
        weaker = None if kept else weaker_format(learned)
        if weaker is None:
            break
        endpoint.capabilities = weaker
    settings = endpoint.settings
    logger.info("endpoint %s: %s", settings.name, problem or endpoint.capabilities)
    return Probe(settings.name, settings.model, endpoint.capabilities, problem)
