"""Node types of earlier generations of the contract, read as the types of today."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from conversation.flow.nodes import Node, OutcomeKey, TwoFactorNode
from conversation.flow.schema.parse_dialogue import read_two_factor
from conversation.flow.schema.parse_outcomes import read_outcome_map
from conversation.flow.schema.reader import Reader

ADULT_AGE = 18
"""Age that ``age_estimation`` asks for when it names none."""

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


def expand_age_estimation(reader: Reader, taken: Callable[[str], bool]) -> list[dict[str, Any]]:
    """Node ``age_estimation`` as a liveness check followed by a comparison of the estimated age."""
    age = reader.number("age", ADULT_AGE, 1, 120)
    ways = read_outcome_map(reader, (OutcomeKey("success"), OutcomeKey("failure")))
    written = reader.kept["type"]
    reader.ignore(("transitions",), "its outcomes tell where to go")
    if len(ways) < 2:
        return []
    compare = f"{reader.node_id}_age"
    while taken(compare):
        compare += "_"
    reader.notes.advise(
        "older_type",
        f"node '{reader.node_id}': type '{written}' belongs to an earlier contract and was read as a "
        f"liveness_detection node and the data_validation node '{compare}'; write these two",
    )
    return age_nodes(reader.node_id, compare, age, ways["success"], ways["failure"], ways["failure"])


def age_nodes(
    node_id: str, compare_id: str, age: int, old_enough: str, too_young: str, unseen: str
) -> list[dict[str, Any]]:
    """A liveness check and a test of ``age``, as JSON. ``unseen``: where to go when there is no verdict."""
    liveness = {
        "id": node_id,
        "type": "liveness_detection",
        "outcomes": {
            "livenessDetected": compare_id,
            "deepfakeDetected": too_young,
            "noFace": unseen,
            "inconclusive": unseen,
        },
    }
    test = {"field": "age", "action": "greater_or_equal", "value": age}
    outcomes = [
        {"id": "old_enough", "targetNodeId": old_enough, "condition": f"age >= {age}"},
        {"id": "too_young", "targetNodeId": too_young, "condition": f"age < {age}"},
    ]
    return [liveness, {"id": compare_id, "type": "data_validation", "validation": test, "outcomes": outcomes}]


LEGACY_NAMES: Mapping[str, str] = {
    "emailVerification": "email_verification",
    "smsVerification": "sms_verification",
    "ageEstimation": "age_estimation",
    "twoFactor": "two_factor",
}
"""Module names that old pages used as node types."""
