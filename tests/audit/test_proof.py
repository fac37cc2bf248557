"""A proof of deletion is whole or proves nothing: every byte counts."""

import json

import pytest

from rtc_server.audit.canonical import canonical
from rtc_server.audit.chain import SYSTEM, Entry
from rtc_server.audit.proof import ProofError, checked_proof, named_key, signed_proof
from rtc_server.audit.signing import AuditKey

KEY = AuditKey(b"k" * 32)
ENTRY = Entry(
    sequence=7,
    at=1_795_366_800_000,
    actor=SYSTEM,
    action="session.redacted",
    tenant="acme",
    session_id="session-1",
    details={"cause": "api", "counts": {"phrases": 3, "media": 1}, "reportSha256": "5f" * 32},
    previous="ab" * 32,
    hash="cd" * 32,
)
PROOF = signed_proof(ENTRY, KEY)
TEXT = canonical(PROOF).decode()


def test_a_proof_is_genuine_however_it_is_laid_out() -> None:
    assert checked_proof(TEXT, (KEY.public,)) == PROOF
    assert checked_proof(json.dumps(PROOF, indent=4), (AuditKey(b"x" * 32).public, KEY.public)) == PROOF
    assert named_key(TEXT).hex == KEY.public.hex


def test_a_change_of_any_byte_is_found() -> None:
    for place, letter in enumerate(TEXT):
        for other in {chr(ord(letter) ^ 1), "0", "A", " "} - {letter}:
            changed = TEXT[:place] + other + TEXT[place + 1 :]
            if _same(changed):
                continue
            with pytest.raises(ProofError):
                checked_proof(changed, (KEY.public,))


def _same(changed: str) -> bool:
    try:
        return bool(json.loads(changed) == PROOF)
    except ValueError:
        return False


def test_another_key_proves_nothing() -> None:
    with pytest.raises(ProofError, match="does not fit"):
        checked_proof(TEXT, (AuditKey(b"x" * 32).public,))
    with pytest.raises(ProofError, match="does not fit"):
        checked_proof(TEXT, ())
    stranger = signed_proof(ENTRY, AuditKey(b"x" * 32))
    with pytest.raises(ProofError, match="does not fit"):
        checked_proof(json.dumps(stranger | {"publicKey": KEY.public.hex}), (KEY.public,))


def test_a_proof_that_names_another_key_than_its_own_proves_nothing() -> None:
    content = {name: value for name, value in PROOF.items() if name != "signature"} | {"publicKey": "ab" * 32}
    signed = content | {"signature": KEY.sign("deletion-proof/1", canonical(content))}
    with pytest.raises(ProofError, match="another public key"):
        checked_proof(json.dumps(signed), (KEY.public,))


def test_a_signature_of_another_kind_is_none() -> None:
    content = {name: value for name, value in PROOF.items() if name != "signature"}
    with pytest.raises(ProofError, match="does not fit"):
        checked_proof(json.dumps(content | {"signature": KEY.sign("audit-head/1", canonical(content))}), (KEY.public,))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON"),
        ("[]", "no proof"),
        ("{}", "no proof"),
        ("[" * 100_000, "no JSON"),
        (TEXT.replace('"tenant"', '"sessionId":"x","tenant"'), "twice"),
        (TEXT.replace('"tenant"', '"more":1,"tenant"'), "missing or unknown"),
        (TEXT.replace('"tenant":"acme",', ""), "missing or unknown"),
        (TEXT.replace(":3", ":NaN"), "no JSON"),
        (TEXT.replace(":3", ":3.5"), "values that no proof has"),
        (TEXT.replace("acme", "evil"), "does not fit"),
        (TEXT.replace(PROOF["signature"], PROOF["signature"].upper()), "does not fit"),
    ],
)
def test_what_is_no_proof_is_named(text: str, says: str) -> None:
    with pytest.raises(ProofError, match=says):
        checked_proof(text, (KEY.public,))


def test_a_key_that_is_none_is_no_key() -> None:
    with pytest.raises(ProofError, match="no public key"):
        named_key(TEXT.replace(KEY.public.hex, "no key"))
