"""docs/audit.md is enough to check an export and a proof: with a JSON library and Ed25519, and nothing of ours."""

import hashlib
import itertools
import json
import re
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.audit.chains import ACME, fill, newest, open_audited
from tests.conftest import REPOSITORY
from tests.storage.records import session_record

DOC = (REPOSITORY / "docs" / "audit.md").read_text(encoding="utf-8")


async def exported(folder: Path) -> tuple[list[str], str, str]:
    """Lines of an export, a proof and the public key, as files have them."""
    stores = await open_audited(f"sqlite:///{folder / 'visavis.db'}", folder)
    await fill(stores, 4)
    await stores.sessions.create_session(session_record(1, status="complete"))
    await stores.lifecycle.delete("session-00001", ACME, 5, "api")
    lines = [json.dumps(entry.json()) for entry in reversed(await newest(stores))]
    proof = json.dumps(await stores.audit.deletion_proof("session-00001"), indent=2)
    pem = stores.audit.key.public.pem
    await stores.close()
    return lines, proof, pem


def canonical(members: dict[str, Any]) -> bytes:
    """As the document says."""
    return json.dumps(members, sort_keys=True, separators=(",", ":")).encode()


async def test_an_export_can_be_checked_by_the_document_alone(tmp_path: Path) -> None:
    lines, _, pem = await exported(tmp_path)
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, Ed25519PublicKey)
    entries = [json.loads(line) for line in lines]
    assert [entry["sequence"] for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[0]["previous"] == "0" * 64
    assert all(second["previous"] == first["hash"] for first, second in itertools.pairwise(entries))
    for entry in entries:
        signature, digest = bytes.fromhex(entry.pop("signature")), entry.pop("hash")
        assert hashlib.sha256(canonical(entry)).hexdigest() == digest
        key.verify(signature, b"visavis:audit-entry/1:" + bytes.fromhex(digest))


async def test_a_proof_can_be_checked_by_the_document_alone(tmp_path: Path) -> None:
    lines, text, pem = await exported(tmp_path)
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, Ed25519PublicKey)
    proof = json.loads(text)
    signature = bytes.fromhex(proof.pop("signature"))
    key.verify(signature, b"visavis:deletion-proof/1:" + canonical(proof))
    assert proof["publicKey"] == key.public_bytes_raw().hex()
    assert proof["auditHash"] == json.loads(lines[-1])["hash"]


async def test_the_examples_have_the_members_that_there_are(tmp_path: Path) -> None:
    lines, proof, _ = await exported(tmp_path)
    shown = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", DOC, re.DOTALL)]
    assert [list(example) for example in shown] == [list(json.loads(lines[0])), list(json.loads(proof))]


def test_every_action_that_is_written_is_described() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (REPOSITORY / "rtc_server").rglob("*.py")]
    pattern = r'"((?:staff|session|report|media|review|verdict|alerts|faces|audit|recording)\.(?!json)[a-z_]+)"'
    audited = (source for source in sources if re.search(r"audit\b", source))
    written = {action for source in audited for action in re.findall(pattern, source)}
    other = {"session.status", "session.reviewed", "session.completed", "session.cancelled", "session.expired"}
    assert {"verdict.reached", "session.deleted", "session.watched", "media.opened", "staff.locked_out"} <= written
    assert {action for action in written - other if f"`{action}`" not in DOC} == set()
