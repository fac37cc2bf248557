"""Parsers of the nodes that begin, end, speak, ask and send codes."""

from collections.abc import Mapping
from typing import Literal, get_args

from conversation.flow.nodes import (
    PROMPT_LIMIT,
    ConversationNode,
    EndNode,
    EnterEmailNode,
    Node,
    PermissionsNode,
    StartNode,
    TwoFactorNode,
)
from conversation.flow.schema.parse_external import read_await_external
from conversation.flow.schema.parse_outcomes import read_outcome_list, read_outcome_map
from conversation.flow.schema.reader import Reader
from conversation.text.dialogue import Doubt

_DOUBTS: Mapping[str, Doubt] = {name: name for name in get_args(Doubt)}
TEMPLATE_LIMIT = 20_000
"""Longest text of a message in characters."""


def parse_start(reader: Reader) -> Node:
    """Node ``start``."""
    return StartNode(reader.node_id, reader.target("outcome"))


def parse_end(reader: Reader) -> Node:
    """Node ``end``."""
    return EndNode(reader.node_id)


def parse_conversation(reader: Reader) -> Node:
    """Node ``conversation``."""
    prompt = reader.text("prompt", limit=PROMPT_LIMIT)
    if prompt.strip().lower() == "say:":
        reader.refuse("prompt", "required_field", "nothing follows 'Say:'")
    outcomes = read_outcome_list(reader)
    silent = reader.flag("doesNotRequireReply")
    doubt = reader.choice("doubt", _DOUBTS, "decide")
    return ConversationNode(reader.node_id, prompt, outcomes, silent, read_await_external(reader), doubt)


def parse_permissions(reader: Reader) -> Node:
    """Node ``permissions``."""
    camera = microphone = True
    asked = reader.inner("permissions", required=False)
    if asked is not None:
        camera, microphone = asked.flag("camera"), asked.flag("microphone")
        if not camera and not microphone:
            asked.refuse("", "required_field", "ask for the camera, the microphone or both, or leave the node out")
        reader.kept["permissions"] = asked.finish()
    outcomes = read_outcome_map(reader, PermissionsNode.OUTCOMES)
    prompt = reader.text("prompt", required=False, limit=PROMPT_LIMIT)
    return PermissionsNode(reader.node_id, outcomes, camera, microphone, prompt)


def parse_enter_email(reader: Reader) -> Node:
    """Node ``enter_email``."""
    outcomes = read_outcome_map(reader, EnterEmailNode.OUTCOMES)
    reader.ignore(("transitions",), "its outcomes tell where to go")
    return EnterEmailNode(reader.node_id, outcomes, reader.text("prompt", required=False, limit=PROMPT_LIMIT))


def parse_two_factor(reader: Reader, channel: Literal["email", "sms"]) -> Node:
    """Node ``two_factor_email`` or ``two_factor_sms``."""
    return read_two_factor(reader, channel, read_outcome_map(reader, TwoFactorNode.OUTCOMES))


def read_two_factor(reader: Reader, channel: Literal["email", "sms"], outcomes: dict[str, str]) -> TwoFactorNode:
    """The settings of a one-time code."""
    template = reader.text(f"{channel}Template", required=False, limit=TEMPLATE_LIMIT)
    if template and not any(name in "".join(template.split()) for name in ("{{otp}}", "{{code}}")):
        message = "the message has no place for the code; write {{otp}} or {{code}} where it belongs"
        reader.refuse(f"{channel}Template", "template", message)
    return TwoFactorNode(
        reader.node_id,
        outcomes,
        channel,
        code_length=reader.number("otpLength", 6, 4, 8),
        expiry_seconds=reader.number("expirySeconds", 300.0, 30, 3_600),
        max_attempts=reader.number("maxAttempts", 3, 1, 10),
        resend_after_seconds=reader.number("resendAfterSeconds", 30.0, 0, 3_600),
        show_ui=reader.flag("showUI", True),
        template=template,
    )
