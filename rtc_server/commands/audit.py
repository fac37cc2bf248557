"""``visavis audit``: check the chain, keep its head elsewhere, export it; write and check proofs of deletion."""

import argparse
import asyncio
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from rtc_server.audit.breaks import Break, Verdict
from rtc_server.audit.canonical import canonical
from rtc_server.audit.chain import Head
from rtc_server.audit.head import HeadError
from rtc_server.audit.proof import ProofError, checked_proof, named_key
from rtc_server.audit.signing import KeyFileError
from rtc_server.audit.verify import Progress, verdict_json, verify_chain
from rtc_server.commands.audit_places import (
    AuditCommandError,
    known_heads,
    moment_ms,
    new_file,
    opened,
    own_key,
    read_text,
    time_text,
    trusted_keys,
)
from rtc_server.commands.options import EXPECTED_ERRORS, complain
from rtc_server.session.clock import unix_ms

EPILOG = """examples:
  visavis audit verify                             walk the whole chain; exit status 0 whole, 1 broken
  visavis audit head                               print the newest entry as SEQUENCE:HASH, to be kept elsewhere
  visavis audit verify --head 1027:5f0c…           is what was printed then still part of the chain?
  visavis audit verify --database sqlite:///backup.db --public-key visavis.pem
  visavis audit key visavis.pem                    write the public key, for those who check elsewhere
  visavis audit export --from 2026-11-01 --to 2026-12-01 november.jsonl
  visavis audit proof 8Gk2… proof.json             write the signed proof that a session was erased
  visavis audit verify-proof proof.json --public-key visavis.pem

All of it works beside a running server and without one. docs/audit.md says what the chain protects from."""

BAR_CELLS = 28

_HEAD_HELP = "a head that was kept elsewhere; may be repeated (default: audit/head.json of the data folder)"


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "audit",
        help="check that the audit is whole, export it, prove deletions",
        description="The chain of signed entries about verdicts, acts of staff and deletions.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    verify = _action(actions, "verify", "walk the whole chain and name every break", _verify)
    _add_database(verify)
    _add_keys(verify)
    verify.add_argument("--head", action="append", default=[], metavar="FILE|SEQUENCE:HASH", help=_HEAD_HELP)
    verify.add_argument("--json", action="store_true", help="print the finding as JSON")
    head = _action(actions, "head", "print the newest entry as SEQUENCE:HASH", _head)
    _add_database(head)
    key = _action(actions, "key", "print the public key and its fingerprint, or write it as PEM", _key)
    key.add_argument("file", type=Path, metavar="FILE", nargs="?", help="the PEM file; must not exist yet")
    export = _action(actions, "export", "write entries into a file of JSON lines", _export)
    _add_database(export)
    export.add_argument("--from", dest="from_time", metavar="TIME", help="first time, such as 2026-11-22 (UTC)")
    export.add_argument("--to", dest="to_time", metavar="TIME", help="time before which the last one was")
    export.add_argument("file", type=Path, metavar="FILE", help="must not exist yet")
    proof = _action(actions, "proof", "write the signed proof that a session was erased", _proof)
    _add_database(proof)
    proof.add_argument("session_id", metavar="SESSION_ID", help="the session that was redacted or deleted")
    proof.add_argument("file", type=Path, metavar="FILE", help="must not exist yet")
    check = _action(actions, "verify-proof", "check a proof of deletion; needs no database", _verify_proof)
    _add_keys(check)
    check.add_argument("file", type=Path, metavar="FILE", help="the proof")


def run(arguments: argparse.Namespace) -> int:
    """Carry out an action; 0 when all is well, 1 when it is not or could not be done."""
    try:
        return int(asyncio.run(arguments.action(arguments)))
    except (*EXPECTED_ERRORS, AuditCommandError, KeyFileError) as error:
        return complain(error)


def _action(actions: Any, name: str, summary: str, action: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=summary, description=summary.capitalize() + ".")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML; VISAVIS_… variables override it")
    parser.set_defaults(run=run, action=action)
    return parser


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", metavar="URL", help="such as sqlite:///backup.db (default: that of the settings)")


def _add_keys(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--public-key",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="whose signatures count; may be repeated (default: this server's key)",
    )


async def _verify(arguments: argparse.Namespace) -> int:
    keys = trusted_keys(arguments)
    if not keys:
        raise AuditCommandError("whose signatures count? The data folder has no server.key: give --public-key FILE")
    problems: list[Break] = []
    heads: list[tuple[str, Head]] = []
    try:
        heads = known_heads(arguments, keys)
    except HeadError as error:
        problems.append(Break("head", 0, 0, note=str(error)))
    async with opened(arguments) as reader:
        verdict = await verify_chain(reader, keys, [head for _, head in heads], _progress())
    verdict = dataclasses.replace(verdict, breaks=[*problems, *verdict.breaks])
    if arguments.json:
        print(json.dumps(verdict_json(verdict, unix_ms())))
    else:
        _show(verdict, [place for place, _ in heads])
    return 0 if verdict.whole else 1


def _show(verdict: Verdict, places: list[str]) -> None:
    if verdict.whole:
        newest = f", the newest of {time_text(verdict.head.at)}" if verdict.entries else ""
        print(f"Whole: {verdict.entries:,} entries{newest}.")
        print(f"It leads to {verdict.head.sequence}:{verdict.head.hash}")
    else:
        print(f"BROKEN: {len(verdict.breaks) + verdict.uncounted:,} breaks in {verdict.entries:,} entries.")
        for one in verdict.breaks:
            print(f"  {one.sentence}")
        if verdict.uncounted:
            print(f"  … and {verdict.uncounted:,} more")
    print(f"Checked against the head in the database{''.join(f' and {place}' for place in places)}.")


async def _head(arguments: argparse.Namespace) -> int:
    async with opened(arguments) as reader:
        head = await reader.head()
    print(f"{head.sequence}:{head.hash}")
    return 0


async def _key(arguments: argparse.Namespace) -> int:
    public = own_key(arguments).public
    if arguments.file is None:
        print(public.pem, end="")
    else:
        with new_file(arguments.file) as stream:
            stream.write(public.pem)
    print(f"Fingerprint: {public.fingerprint}", file=sys.stderr)
    return 0


async def _export(arguments: argparse.Namespace) -> int:
    from_ms, to_ms = moment_ms(arguments.from_time), moment_ms(arguments.to_time)
    written = 0
    async with opened(arguments) as reader:
        with new_file(arguments.file) as stream:
            async for entries in reader.walk():
                for entry in entries:
                    if (from_ms is None or entry.at >= from_ms) and (to_ms is None or entry.at < to_ms):
                        stream.write(json.dumps(entry.json()) + "\n")
                        written += 1
    print(f"{arguments.file}: {written:,} entries.")
    return 0


async def _proof(arguments: argparse.Namespace) -> int:
    async with opened(arguments) as reader:
        proof = await reader.deletion_proof(arguments.session_id)
    if proof is None:
        raise AuditCommandError(
            "there is no proof for this session: it was not erased, it belonged to the sandbox, or the version that "
            "erased it signed none"
        )
    with new_file(arguments.file) as stream:
        stream.write(canonical(proof).decode() + "\n")
    print(f"{arguments.file}: {proof['action']} at {time_text(proof['erasedAt'])}.")
    return 0


async def _verify_proof(arguments: argparse.Namespace) -> int:
    text = read_text(arguments.file)
    keys = trusted_keys(arguments)
    try:
        if not keys:
            raise AuditCommandError(
                "whose signature counts? Give --public-key FILE. The proof names the key with the fingerprint "
                f"{named_key(text).fingerprint}; ask the operator whether that is theirs"
            )
        proof = checked_proof(text, keys)
    except ProofError as error:
        raise AuditCommandError(f"{arguments.file} proves nothing: {error}") from error
    print(f"Genuine: session {proof['sessionId']} of {proof['tenant']}, {proof['action']}, {_erased(proof)}.")
    return 0


def _erased(proof: dict[str, Any]) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in proof["counts"].items())
    return f"{time_text(proof['erasedAt'])}, cause {proof['cause']} ({counts}); entry {proof['auditSequence']}"


def _progress() -> Progress | None:
    """A bar where a person looks on."""
    if not sys.stderr.isatty():
        return None

    def draw(done: int, total: int) -> None:
        cells = round(BAR_CELLS * done / total) if total else BAR_CELLS
        end = "\r\x1b[K" if done >= total else ""
        bar = "█" * cells + "░" * (BAR_CELLS - cells)
        print(f"\r  {bar} {done:,} of {total:,} entries{end}", end="", file=sys.stderr, flush=True)

    return draw
