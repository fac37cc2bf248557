"""``visavis keys``: make, list, rotate and revoke API keys in the database, also while no server runs."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rtc_server.api.access.auth import BOOTSTRAP_TENANT
from rtc_server.api.access.issue import OVERLAP_SECONDS, SCOPES, ended, new_key, rotate
from rtc_server.api.access.origins import MAX_ORIGINS, allowed_origin, allowed_origins
from rtc_server.commands.options import EXPECTED_ERRORS, complain, settings_from
from rtc_server.session.clock import unix_ms
from rtc_server.settings import Settings
from rtc_server.storage.ports import ApiKey, Owner
from rtc_server.storage.stores import Stores, open_stores

EPILOG = f"""examples:
  visavis keys create --test --name "my laptop"                     a sandbox key that may do everything
  visavis keys create --production --scopes sessions:read,sessions:write
  visavis keys create --production --allow-origin https://partner.example.org
  visavis keys list
  visavis keys rotate key_Ab3… --overlap 3600                       a new key; the old one works for an hour more
  visavis keys revoke key_Ab3…                                      stops working within 2 s on running servers

scopes: {", ".join(SCOPES)}

A key is shown once, when it is made: the database keeps only its hash. The commands work on the database of the
settings (--config, VISAVIS_DATABASE_URL, VISAVIS_DATA_DIR), the same that 'visavis serve' uses."""

_DAY_SECONDS = 24 * 3600


class KeyCommandError(Exception):
    """Something that cannot be done; the text says what to do instead."""


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "keys",
        help="make, list, rotate and revoke API keys",
        description="API keys, by which a backend calls this server: make, list, rotate and revoke them in its "
        "database, also while no server runs. Exit status: 0 done, 1 not possible, with a reason.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    create = _action(actions, "create", "make a key and show it, this once", _create)
    mode = create.add_mutually_exclusive_group()
    mode.add_argument("--test", dest="sandbox", action="store_true", default=True, help="for the sandbox (default)")
    mode.add_argument("--production", dest="sandbox", action="store_false", help="for real sessions")
    create.add_argument("--scopes", default="*", metavar="A,B", help="what it may do (default *: everything)")
    create.add_argument("--name", default="", help="to recognise it by")
    create.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="a site that may embed its sessions, such as https://partner.example.org; may be given several times "
        "(default: the setting frame_ancestors)",
    )
    create.add_argument("--days", type=float, metavar="N", help="let it expire after N days (default: never)")
    _action(actions, "list", "show all keys of a tenant", _list)
    rotation = _action(actions, "rotate", "replace a key", _rotate)
    rotation.add_argument("key_id", metavar="ID", help="key_…, see 'visavis keys list'")
    rotation.add_argument(
        "--overlap", type=int, default=OVERLAP_SECONDS, metavar="SECONDS", help="how long the old one still works"
    )
    revoke = _action(actions, "revoke", "let a key stop working", _revoke)
    revoke.add_argument("key_id", metavar="ID", help="key_…, see 'visavis keys list'")


def run(arguments: argparse.Namespace) -> int:
    """Carry out an action on the database of the settings."""
    try:
        return asyncio.run(_with_stores(settings_from(arguments), arguments))
    except (*EXPECTED_ERRORS, KeyCommandError) as error:
        return complain(error)


def _action(actions: Any, name: str, summary: str, action: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=summary, description=summary.capitalize() + ".")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML; VISAVIS_… variables override it")
    parser.add_argument("--tenant", default=BOOTSTRAP_TENANT, help=f"whose keys (default {BOOTSTRAP_TENANT})")
    parser.set_defaults(run=run, action=action)
    return parser


async def _with_stores(settings: Settings, arguments: argparse.Namespace) -> int:
    stores = await open_stores(settings.storage_url())
    try:
        await arguments.action(stores, arguments)
    finally:
        await stores.close()
    return 0


async def _create(stores: Stores, arguments: argparse.Namespace) -> None:
    scopes = [scope.strip() for scope in arguments.scopes.split(",") if scope.strip()]
    if unknown := [scope for scope in scopes if scope not in SCOPES]:
        raise KeyCommandError(f"there is no scope '{unknown[0]}'; choose among {', '.join(SCOPES)}")
    if not scopes:
        raise KeyCommandError("--scopes is empty; leave it out for everything")
    if len(arguments.name) > 200 or not arguments.name.isprintable():
        raise KeyCommandError("--name takes up to 200 printable characters")
    if not 0 < len(arguments.tenant) <= 64 or not arguments.tenant.isprintable():
        raise KeyCommandError("--tenant takes 1 to 64 printable characters")
    if arguments.days is not None and not 0 < arguments.days <= 36_500:
        raise KeyCommandError("--days must be above 0 and at most 36500")
    origins = _origins(arguments.allow_origin)
    now_ms = unix_ms()
    expires_at = None if arguments.days is None else now_ms + round(arguments.days * _DAY_SECONDS * 1000)
    owner = Owner(arguments.tenant, arguments.sandbox)
    plain, key = new_key(
        owner, now_ms, name=arguments.name, scopes=scopes, expires_at=expires_at, allowed_origins=origins
    )
    await stores.keys.add_key(key)
    _show_new(plain, key)


def _origins(texts: Sequence[str]) -> tuple[str, ...]:
    if len(texts) > MAX_ORIGINS:
        raise KeyCommandError(f"--allow-origin can be given {MAX_ORIGINS} times at most")
    for text in texts:
        try:
            allowed_origin(text)
        except ValueError as error:
            raise KeyCommandError(f"--allow-origin {text!r}: {error}") from error
    return allowed_origins(texts)


async def _list(stores: Stores, arguments: argparse.Namespace) -> None:
    keys = await stores.keys.keys(arguments.tenant)
    if not keys:
        print(f"The tenant '{arguments.tenant}' has no keys yet. Make one: visavis keys create --test")
        return
    now_ms = unix_ms()
    rows: list[Sequence[str]] = [("ID", "KEY", "MODE", "STATE", "LAST USED", "NAME", "SCOPES", "EMBEDDED BY")]
    rows += [_row(key, now_ms) for key in keys]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


async def _rotate(stores: Stores, arguments: argparse.Namespace) -> None:
    if not 0 <= arguments.overlap <= 30 * _DAY_SECONDS:
        raise KeyCommandError("--overlap must be from 0 to 2592000 seconds (30 days)")
    key = await _key(stores, arguments)
    if ended(key, unix_ms()):
        raise KeyCommandError(f"{key.id} no longer works, so it cannot be rotated: visavis keys create")
    plain, successor, old = await rotate(stores.keys, key, arguments.overlap, unix_ms())
    _show_new(plain, successor)
    print(f"The old key {old.prefix}… ({old.id}) works until {_time(old.expires_at)}.")


async def _revoke(stores: Stores, arguments: argparse.Namespace) -> None:
    key = await _key(stores, arguments)
    if key.revoked_at is not None:
        print(f"{key.prefix}… ({key.id}) was revoked at {_time(key.revoked_at)} already.")
        return
    await stores.keys.update_key(key.id, key.tenant, revoked_at=unix_ms())
    print(f"Revoked {key.prefix}… ({key.id}). Running servers notice within 2 s.")


async def _key(stores: Stores, arguments: argparse.Namespace) -> ApiKey:
    for key in await stores.keys.keys(arguments.tenant):
        if key.id == arguments.key_id:
            return key
    raise KeyCommandError(f"the tenant '{arguments.tenant}' has no such key; 'visavis keys list' shows their ids")


def _show_new(plain: str, key: ApiKey) -> None:
    print(f"{plain}\n")
    print(f"This is the key {key.id}. Keep it now: it is not shown again.")
    print(f"Mode {_mode(key)}, scopes {', '.join(key.scopes)}, expires {_time(key.expires_at)}.")
    if key.allowed_origins:
        print(f"Its sessions may be embedded by {', '.join(key.allowed_origins)}, and by nobody else.")


def _row(key: ApiKey, now_ms: int) -> Sequence[str]:
    if key.revoked_at is not None:
        state = f"revoked {_time(key.revoked_at)}"
    elif ended(key, now_ms):
        state = f"expired {_time(key.expires_at)}"
    else:
        state = "valid" if key.expires_at is None else f"until {_time(key.expires_at)}"
    used = "never" if key.last_used_at is None else _time(key.last_used_at)
    scopes, embedders = ",".join(key.scopes), ",".join(key.allowed_origins)
    return key.id, f"{key.prefix}…", _mode(key), state, used, key.name or "–", scopes, embedders or "–"


def _mode(key: ApiKey) -> str:
    return "test" if key.sandbox else "production"


def _time(unix_milliseconds: int | None) -> str:
    if unix_milliseconds is None:
        return "never"
    return datetime.fromtimestamp(unix_milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
