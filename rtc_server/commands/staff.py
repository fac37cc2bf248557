"""``visavis staff``: accounts of those who use the console, also while no server runs."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rtc_server.commands.options import EXPECTED_ERRORS, complain, settings_from
from rtc_server.settings import Settings
from rtc_server.staff.accounts import Change
from rtc_server.staff.errors import StaffError
from rtc_server.staff.roles import ALL_TENANTS, GRANTS, Role, Staff
from rtc_server.staff.room import StaffRoom
from rtc_server.staff_room import open_staff

ROLES = "\n".join(f"  {role:<11} {', '.join(sorted(GRANTS[role]))}" for role in Role)

EPILOG = f"""examples:
  visavis staff add mia@example.org --name "Mia Lopez" --role admin       the first account: somebody who adds others
  visavis staff add jo@example.org --name "Jo Park" --role agent --role reviewer --tenant default
  visavis staff list
  visavis staff sessions                                                  who is signed in, and where
  visavis staff reset mia@example.org                                     a lost phone, a forgotten password
  visavis staff disable jo@example.org                                    signed out everywhere, at once

'add' and 'reset' print a link. Its owner opens it once, within 24 hours, sets a password and adds an authenticator app.
Hand it over in private: whoever opens it first has the account.

roles and what they may do:
{ROLES}

Eight recovery codes are shown at the end of setting up; each replaces one code of the app. The commands work on the
database of the settings (--config, VISAVIS_DATABASE_URL, VISAVIS_DATA_DIR), the same that 'visavis serve' uses, and
every change is in the audit."""

Action = Callable[[StaffRoom, Settings, argparse.Namespace], Awaitable[None]]


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "staff",
        help="manage accounts of the console",
        description="Accounts of those who watch over sessions in the console: make them, see who is signed in, "
        "disable and reset them. Exit status: 0 done, 1 not possible, with a reason.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = _action(actions, "add", "make an account and print the link that sets it up", _add)
    add.add_argument("email", metavar="EMAIL", help="whom it belongs to; signs in by it")
    add.add_argument("--name", required=True, help="as colleagues, and people in a call, see it")
    add.add_argument("--role", action="append", required=True, metavar="ROLE", help="may be given several times")
    add.add_argument(
        "--tenant",
        action="append",
        metavar="NAME",
        help=f"whose sessions it sees; may be given several times (default '{ALL_TENANTS}': everybody's)",
    )
    add.add_argument("--sandbox-only", action="store_true", help="let it see nothing of production")
    _action(actions, "list", "show all accounts", _list)
    for name, summary, action in (
        ("disable", "sign somebody out everywhere and let them in no more", _disable),
        ("enable", "let a disabled account in again", _enable),
        ("reset", "take password and authenticator away and print a new link", _reset),
    ):
        _action(actions, name, summary, action).add_argument("account", metavar="EMAIL", help="or stf_…")
    sessions = _action(actions, "sessions", "show who is signed in", _sessions)
    sessions.add_argument("account", nargs="?", metavar="EMAIL", help="or stf_…; without it, everybody")


def run(arguments: argparse.Namespace) -> int:
    """Carry out an action on the database of the settings."""
    try:
        asyncio.run(_with_staff(settings_from(arguments), arguments))
    except StaffError as error:
        return complain(error.message)
    except EXPECTED_ERRORS as error:
        return complain(error)
    return 0


def _action(actions: Any, name: str, summary: str, action: Action) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=summary, description=summary.capitalize() + ".")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML; VISAVIS_… variables override it")
    parser.set_defaults(run=run, action=action)
    return parser


async def _with_staff(settings: Settings, arguments: argparse.Namespace) -> None:
    async with open_staff(settings) as room:
        await arguments.action(room, settings, arguments)


async def _add(room: StaffRoom, settings: Settings, arguments: argparse.Namespace) -> None:
    tenants = arguments.tenant or [ALL_TENANTS]
    staff, token = await room.accounts.invite(
        arguments.email, arguments.name, arguments.role, tenants, sandbox_only=arguments.sandbox_only
    )
    print(f"{staff.email} ({staff.id}) has an account: {_roles(staff)}, {_sight(staff)}.\n")
    _show_link(settings, token)


async def _list(room: StaffRoom, _settings: Settings, _arguments: argparse.Namespace) -> None:
    everybody = await room.accounts.everybody()
    if not everybody:
        print('There are no accounts yet. Make one: visavis staff add mia@example.org --name "Mia" --role admin')
        return
    rows = [("ID", "EMAIL", "NAME", "STATE", "ROLES", "SEES")]
    rows += [(each.id, each.email, each.name, _state(each), _roles(each), _sight(each)) for each in everybody]
    _print_table(rows)


async def _disable(room: StaffRoom, _settings: Settings, arguments: argparse.Namespace) -> None:
    staff = await _account(room, arguments)
    await room.accounts.change(staff.id, Change(disabled=True))
    print(f"Disabled {staff.email} ({staff.id}); it is signed out everywhere.")


async def _enable(room: StaffRoom, _settings: Settings, arguments: argparse.Namespace) -> None:
    staff = await _account(room, arguments)
    await room.accounts.change(staff.id, Change(disabled=False))
    how = "it signs in as before" if staff.totp_set else f"set it up: visavis staff reset {staff.email}"
    print(f"Enabled {staff.email} ({staff.id}); {how}.")


async def _reset(room: StaffRoom, settings: Settings, arguments: argparse.Namespace) -> None:
    staff = await _account(room, arguments)
    token = await room.accounts.reset(staff.id)
    if token is None:
        raise _unknown()
    print(f"{staff.email} ({staff.id}) is signed out everywhere and needs a new password and authenticator.\n")
    _show_link(settings, token)


async def _sessions(room: StaffRoom, _settings: Settings, arguments: argparse.Namespace) -> None:
    only = (await _account(room, arguments)).id if arguments.account else None
    sessions = await room.sessions.current(only)
    if not sessions:
        print("Nobody is signed in.")
        return
    emails = {each.id: each.email for each in await room.accounts.everybody()}
    rows = [("ID", "EMAIL", "SINCE", "LAST SEEN", "ENDS", "ADDRESS", "BROWSER")]
    rows += [
        (
            each.id,
            emails.get(each.staff_id, each.staff_id),
            _time(each.created_at),
            _time(each.seen_at),
            _time(room.sessions.ends_at(each)),
            each.address or "–",
            "".join(character if character.isprintable() else "?" for character in each.user_agent) or "–",
        )
        for each in sessions
    ]
    _print_table(rows)


async def _account(room: StaffRoom, arguments: argparse.Namespace) -> Staff:
    staff = await room.accounts.find(arguments.account)
    if staff is None:
        raise _unknown()
    return staff


def _unknown() -> StaffError:
    return StaffError("staff_not_found", "there is no such account; 'visavis staff list' shows them all")


def _show_link(settings: Settings, token: str) -> None:
    base = settings.public_url.rstrip("/") or f"http://localhost:{settings.port}"
    print(f"{base}/console/#setup={token}\n")
    print("The link works once, within 24 hours. Hand it over in private.")


def _state(staff: Staff) -> str:
    if staff.disabled_at is not None:
        return f"disabled {_time(staff.disabled_at)}"
    return "active" if staff.totp_set else "not set up"


def _roles(staff: Staff) -> str:
    return ",".join(sorted(staff.roles))


def _sight(staff: Staff) -> str:
    whose = "all tenants" if ALL_TENANTS in staff.tenants else ",".join(staff.tenants)
    return f"{whose}, sandbox only" if staff.sandbox_only else whose


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _time(unix_milliseconds: int) -> str:
    return datetime.fromtimestamp(unix_milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
