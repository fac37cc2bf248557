"""``visavis subject``: hand out, or erase, everything that is stored of one person."""

import argparse
import asyncio
import json
import mimetypes
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

from rtc_server.api.access.auth import BOOTSTRAP_TENANT
from rtc_server.audit.head import HeadFile
from rtc_server.commands.options import EXPECTED_ERRORS, complain, settings_from
from rtc_server.server_key import load_server_key
from rtc_server.session.clock import unix_ms
from rtc_server.settings import Settings
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import MediaRecord, Owner
from rtc_server.storage.stores import Stores, open_stores
from rtc_server.storage.subject import SubjectSession, collect_subject, erase_subject, face_json, recording_pieces

EPILOG = """examples:
  visavis subject export customer-4711 --out customer-4711.zip
  visavis subject erase customer-4711                     asks first; keeps outcomes and a proof of the erasure
  visavis subject erase customer-4711 --completely --yes  leaves nothing but the proof

REFERENCE is the clientReferenceId of the create call. The commands work on the database and the data folder of the
settings, the same that 'visavis serve' uses, also while it runs. The archive holds personal data, unencrypted."""

PROGRESS_EVERY = 25
"""Sessions after which a line tells how far it is."""


class SubjectError(Exception):
    """Something that cannot be done; the text says what to do instead."""


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "subject",
        help="export or erase everything that is stored of one person",
        description="Everything of one person, over all their sessions. Exit status: 0 done, 1 not everything.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    export = _action(actions, "export", "write everything of one person into a ZIP file", _export)
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help="the ZIP file; must not exist yet")
    erase = _action(actions, "erase", "erase everything personal of one person", _erase)
    erase.add_argument("--completely", action="store_true", help="remove the sessions too, with their outcomes")
    erase.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    """Carry out an action on the database and folder of the settings."""
    try:
        return asyncio.run(_with_stores(settings_from(arguments), arguments))
    except (*EXPECTED_ERRORS, SubjectError) as error:
        return complain(error)


def _action(actions: Any, name: str, summary: str, action: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=summary, description=summary.capitalize() + ".")
    parser.add_argument("reference", metavar="REFERENCE", help="clientReferenceId of the create call")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML; VISAVIS_… variables override it")
    parser.add_argument("--tenant", default=BOOTSTRAP_TENANT, help=f"whose sessions (default {BOOTSTRAP_TENANT})")
    parser.add_argument("--sandbox", action="store_true", help="sessions of test keys instead of real ones")
    parser.set_defaults(run=run, action=action)
    return parser


async def _with_stores(settings: Settings, arguments: argparse.Namespace) -> int:
    if not arguments.reference:
        raise SubjectError("REFERENCE is empty, and sessions without a reference belong to nobody in particular")
    data_dir = Path(settings.data_dir)
    server_key = load_server_key(data_dir)
    files = MediaFiles(data_dir / "media", server_key)
    stores = await open_stores(
        settings.storage_url(),
        files,
        settings.retention,
        settings.journal_folder,
        FaceSeal(server_key),
        HeadFile.in_folder(data_dir, server_key),
    )
    try:
        owner = Owner(arguments.tenant, arguments.sandbox)
        count = len(await stores.lifecycle.subject(owner, arguments.reference))
        if not count and not await stores.faces.faces_of_subject(owner, arguments.reference):
            raise SubjectError(_nobody(arguments))
        return int(await arguments.action(stores, owner, count, arguments))
    finally:
        await stores.close()


def _nobody(arguments: argparse.Namespace) -> str:
    mode, other = ("sandbox", "leave --sandbox out") if arguments.sandbox else ("production", "try --sandbox")
    return (
        f"the tenant '{arguments.tenant}' has no {mode} sessions or faces with this reference: check its spelling, "
        f"{other}, or name another --tenant"
    )


async def _export(stores: Stores, owner: Owner, count: int, arguments: argparse.Namespace) -> int:
    unfinished = arguments.out.with_name(arguments.out.name + ".part")
    try:
        if arguments.out.exists():
            raise SubjectError(f"{arguments.out} exists: choose another name, or remove it")
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as stream:
            await _write_archive(stream, stores, owner, count, arguments.reference)
        unfinished.replace(arguments.out)
    except OSError as error:
        raise SubjectError(f"{arguments.out} cannot be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    print(f"{arguments.out}: {count} sessions. It holds personal data, unencrypted.")
    return 0


async def _write_archive(stream: Any, stores: Stores, owner: Owner, count: int, reference: str) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        ids = []
        async for item in collect_subject(stores, owner, reference):
            await asyncio.to_thread(_add, archive, item)
            for recording in item.recordings:
                await _add_recording(archive, stores, recording)
            ids.append(item.session.id)
            _progress(len(ids), count)
        head = {"clientReferenceId": reference, "tenant": owner.tenant, "sandbox": owner.sandbox}
        faces = [face_json(face) for face in await stores.faces.faces_of_subject(owner, reference)]
        archive.writestr("faces.json", _json(faces))
        archive.writestr("subject.json", _json(head | {"exportedAt": unix_ms(), "sessions": ids}))


def _add(archive: zipfile.ZipFile, item: SubjectSession) -> None:
    folder = f"sessions/{item.session.id}"
    for name, part in (
        ("session", item.session_json()),
        ("journal", item.journal_json()),
        ("events", item.events_json()),
        ("messages", item.messages_json()),
        ("media", item.media_json()),
    ):
        archive.writestr(f"{folder}/{name}.json", _json(part))
    for record, content in item.media:
        archive.writestr(_media_name(record), content)


async def _add_recording(archive: zipfile.ZipFile, stores: Stores, record: MediaRecord) -> None:
    # What is compressed already is not compressed again.
    with archive.open(zipfile.ZipInfo(_media_name(record)), "w", force_zip64=True) as entry:
        async for piece in recording_pieces(stores, record.id):
            await asyncio.to_thread(entry.write, piece)


def _media_name(record: MediaRecord) -> str:
    suffix = mimetypes.guess_extension(record.content_type) or ".bin"
    return f"sessions/{record.session_id}/media/{record.id}{suffix}"


def _json(content: Any) -> bytes:
    # Half a surrogate pair is no UTF-8, but its escape is JSON.
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")


async def _erase(stores: Stores, owner: Owner, count: int, arguments: argparse.Namespace) -> int:
    what = "Remove" if arguments.completely else "Erase all personal data of"
    if not arguments.yes and not await asyncio.to_thread(_confirmed, f"{what} {count} sessions? This is final. [y/N] "):
        print("Nothing was erased.")
        return 1
    done, in_progress = 0, []
    now_ms = unix_ms()
    async for erasure in erase_subject(stores, owner, arguments.reference, now_ms, completely=arguments.completely):
        if erasure.erased:
            done += 1
        else:
            in_progress.append(erasure.session_id)
        _progress(done + len(in_progress), count)
    print(f"{'Removed' if arguments.completely else 'Erased the personal data of'} {done} sessions.")
    if in_progress:
        ids = ", ".join(in_progress)
        raise SubjectError(
            f"still in progress, so left alone: {ids}. Cancel them (POST /sessions/ID/cancel), try again"
        )
    return 0


def _confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise SubjectError("this cannot be undone: answer with --yes when nobody is there to be asked")
    return input(question).strip().lower() in ("y", "yes")


def _progress(done: int, count: int) -> None:
    if done % PROGRESS_EVERY == 0 and count > PROGRESS_EVERY:
        print(f"  {done} of {count} sessions", file=sys.stderr)
