"""Deletion proofs: a signed statement that the data of a session was erased, without any of that data."""

import json
from typing import Any, NoReturn

from rtc_server.audit.canonical import canonical
from rtc_server.audit.chain import Entry, Json
from rtc_server.audit.signing import AuditKey, Kind, PublicKey

KIND: Kind = "deletion-proof/1"

MEMBERS = frozenset(
    {"visavis", "sessionId", "tenant", "action", "erasedAt", "cause", "reportSha256", "counts"}
    | {"auditSequence", "auditHash", "publicKey", "signature"}
)


class ProofError(Exception):
    """A proof that proves nothing; the text says why."""


def signed_proof(entry: Entry, key: AuditKey) -> Json:
    """The proof of an erasure that ``entry`` records (``session.redacted`` or ``session.deleted``).

    Cause, counts and hash of the former report are the entry's details. The signature covers all other members.
    """
    content = {
        "visavis": KIND,
        "sessionId": entry.session_id,
        "tenant": entry.tenant,
        "action": entry.action,
        "erasedAt": entry.at,
        "cause": entry.details["cause"],
        "reportSha256": entry.details["reportSha256"],
        "counts": entry.details["counts"],
        "auditSequence": entry.sequence,
        "auditHash": entry.hash,
        "publicKey": key.public.hex,
    }
    return {**content, "signature": key.sign(KIND, canonical(content))}


def checked_proof(text: str, keys: tuple[PublicKey, ...]) -> Json:
    """The members of a proof that one of the keys signed; needs nothing else. Raises ProofError."""
    proof = _parsed(text)
    content = {name: value for name, value in proof.items() if name != "signature"}
    try:
        message = canonical(content)
    except TypeError:
        raise ProofError("it holds values that no proof has") from None
    if not any(key.signed(KIND, message, str(proof["signature"])) for key in keys):
        raise ProofError("the signature does not fit: it was changed, or another server signed it")
    if proof["publicKey"] not in {key.hex for key in keys}:
        raise ProofError("it names another public key than the one that signed it")
    return proof


def named_key(text: str) -> PublicKey:
    """The public key that a proof names, which proves nothing by itself. Raises ProofError."""
    try:
        return PublicKey.from_hex(str(_parsed(text)["publicKey"]))
    except ValueError:
        raise ProofError("it names no public key") from None


def _parsed(text: str) -> Json:
    try:
        proof = json.loads(text, object_pairs_hook=_without_twins, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ProofError("it is no JSON, or names a member twice") from None
    if not isinstance(proof, dict) or proof.get("visavis") != KIND:
        raise ProofError(f"it is no proof of a deletion: the member visavis is not '{KIND}'")
    if wrong := MEMBERS ^ proof.keys():
        raise ProofError(f"members are missing or unknown: {', '.join(sorted(map(ascii, wrong)))}")
    return proof


def _without_twins(pairs: list[tuple[str, Any]]) -> Json:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is named twice")
    return members


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
