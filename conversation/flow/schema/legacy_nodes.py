"""Node types of earlier generations of the contract, read as the types of today."""

from collections.abc import Mapping
from typing import Literal

from conversation.flow.nodes import Node, TwoFactorNode
from conversation.flow.schema.parse_dialogue import read_two_factor
from conversation.flow.schema.parse_outcomes import read_outcome_map
from conversation.flow.schema.reader import Reader

_OLDER_OUTCOMES = {
    "verified": ("success", "passed"),
    "failed_unverified": ("failure", "failed", "unverified", "notVerified"),
    "delivery_failed": ("deliveryFailed",),
}
_FILL = {"delivery_failed": "failed_unverified", "cancelled": "failed_unverified", "error": "failed_unverified"}
_OLDER_FIELDS = (
    "contactSource", "staticEmail", "staticPhone", "testMode", "phoneNumberE164", "emailTo", "fromName", "subject",
    "length", "expiry", "phone", "email", "publicRecognitionEnabled",
)  # fmt: skip


def parse_two_factor_legacy(reader: Reader) -> Node:
    """Node ``two_factor``, which named its channels, as ``two_factor_email`` or ``two_factor_sms``."""
    _, value = reader.find("channels")
    channels = [item for item in value if item in ("email", "sms")] if isinstance(value, list) else []
    if not channels:
        reader.refuse("channels", "required_field", "'channels' must be a list with 'email' or 'sms'")
    channel: Literal["email", "sms"] = "sms" if channels and "email" not in channels else "email"
    also = f"; of its channels only '{channel}' is used" if len(channels) > 1 else ""
    return _older_two_factor(reader, channel, also)


def parse_email_verification(reader: Reader) -> Node:
    """Node ``email_verification`` as ``two_factor_email``."""
    return _older_two_factor(reader, "email")


def parse_sms_verification(reader: Reader) -> Node:
    """Node ``sms_verification`` as ``two_factor_sms``."""
    return _older_two_factor(reader, "sms")


def _older_two_factor(reader: Reader, channel: Literal["email", "sms"], also: str = "") -> Node:
    written = reader.kept["type"]
    reader.kept["type"] = f"two_factor_{channel}"
    reader.notes.advise(
        "older_type",
        f"node '{reader.node_id}': type '{written}' belongs to an earlier contract and was read as "
        f"'two_factor_{channel}'{also}; use that name",
    )
    other = "sms" if channel == "email" else "email"
    reader.ignore(_OLDER_FIELDS, "the contact comes from the session's data or from the person")
    reader.ignore((f"{other}Template",), f"the code goes by {channel}")
    outcomes = read_outcome_map(reader, TwoFactorNode.OUTCOMES, older=_OLDER_OUTCOMES, fill=_FILL)
    return read_two_factor(reader, channel, outcomes)


LEGACY_NAMES: Mapping[str, str] = {
    "emailVerification": "email_verification",
    "smsVerification": "sms_verification",
    "ageEstimation": "age_estimation",
    "twoFactor": "two_factor",
}
"""Module names that old pages used as node types."""
