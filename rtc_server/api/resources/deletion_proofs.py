"""What proves to an integrator that a session's data was erased."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate
from rtc_server.api.checks import described, integer, mapping, named, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation

_MAX_COUNTS_BYTES = 1_000
_HASH = text(64, "[0-9a-f]{64}", "5f0c" * 16)
_SIGNATURE = text(128, "[0-9a-f]{128}", "5f0c" * 32)

PROOF = named(
    "DeletionProof",
    reply(
        {
            "visavis": text(32),
            "sessionId": text(64),
            "tenant": text(64),
            "action": described(text(32), "`session.redacted`, or `session.deleted` when nothing of it is left."),
            "erasedAt": integer(0),
            "cause": described(text(32), "`api`, `subject` or `retention`."),
            "reportSha256": described(_HASH, "Hash of the report as it was before."),
            "counts": described(mapping(integer(0), _MAX_COUNTS_BYTES), "How much there was of what."),
            "auditSequence": described(integer(1), "Entry of the audit that records it."),
            "auditHash": described(_HASH, "Hash of that entry."),
            "publicKey": described(_HASH, "Raw Ed25519 key, hexadecimal; compare it with the operator's."),
            "signature": described(_SIGNATURE, "Over the canonical JSON of all other members."),
        }
    ),
    "A signed statement, which docs/audit.md says how to check without the server.",
)


async def get_deletion_proof(request: web.Request) -> web.Response:
    """The newest proof. Another owner's answers like none."""
    owner = (await authenticate(request)).owner
    proof = await request.app[CONTEXT].stores.audit.deletion_proof(request.match_info["session_id"], owner)
    if proof is None:
        message = "There is no proof of a deletion for this session: nothing of it was erased, or it is not yours."
        raise ApiError(404, "deletion_proof_not_found", message, param="sessionId")
    return json_response(proof)


OPERATIONS = (
    Operation(
        method="GET",
        path="/sessions/{session_id}/deletion-proof",
        handler=get_deletion_proof,
        operation_id="getDeletionProof",
        summary="Prove that a session's data was erased",
        description=(
            "Of a session that was redacted, or in production deleted. It holds hashes and counts, nothing personal, "
            "and can be checked without the server."
        ),
        tag="Sessions",
        scope="sessions:read",
        responses={200: PROOF},
    ),
)
