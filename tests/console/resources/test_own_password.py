"""Changing one's own password over HTTP."""

import pytest

from rtc_server.staff.roles import Role
from rtc_server.storage.ports import AuditQuery
from tests.fakes.console_edge import PASSWORD, ConsoleEdge

NEW = "another sentence that nobody guesses"
CHANGE = {"current": PASSWORD, "password": NEW}


async def test_the_new_one_signs_in_and_the_old_one_does_not(edge: ConsoleEdge) -> None:
    person = await edge.person(Role.VIEWER)
    tab = await edge.sign_in(person)
    assert (await tab.call("POST", "/me/password", json=CHANGE)).status == 204
    edge.pass_seconds(30)
    await edge.error(await edge.try_sign_in(person), 401, "wrong_credentials")
    edge.pass_seconds(30)
    assert (await edge.try_sign_in(person, password=NEW)).status == 200


async def test_one_stays_signed_in_here_and_nowhere_else(edge: ConsoleEdge) -> None:
    person = await edge.person(Role.VIEWER)
    here = await edge.sign_in(person)
    edge.pass_seconds(30)
    elsewhere = await edge.sign_in(person)
    stranger = await edge.tab(Role.VIEWER)
    assert (await here.call("POST", "/me/password", json=CHANGE)).status == 204
    assert (await here.call("GET", "/me")).status == 200
    await edge.error(await elsewhere.call("GET", "/me"), 401, "signed_out")
    assert (await stranger.call("GET", "/me")).status == 200


async def test_the_audit_says_who_changed_what_and_holds_no_password(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.VIEWER)
    assert (await tab.call("POST", "/me/password", json=CHANGE)).status == 204
    (entry,) = await edge.stores.audit.entries(AuditQuery(limit=1))
    assert (entry.action, entry.actor.id) == ("staff.changed", f"staff:{tab.staff_id}")
    assert dict(entry.details) == {"staff": tab.staff_id, "fields": ["password"]}


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (CHANGE | {"current": "not the password"}, "wrong_password", "current"),
        (CHANGE | {"password": "short"}, "weak_password", "password"),
        (CHANGE | {"password": "passwordpassword"}, "weak_password", "password"),
        (CHANGE | {"password": PASSWORD}, "weak_password", "password"),
        ({"password": NEW}, "parameter_missing", "current"),
    ],
)
async def test_what_is_wrong_names_its_field_and_changes_nothing(
    edge: ConsoleEdge, body: dict[str, str], code: str, field: str
) -> None:
    person = await edge.person(Role.VIEWER)
    tab = await edge.sign_in(person)
    error = await edge.error(await tab.call("POST", "/me/password", json=body), 400, code)
    assert error["param"] == field
    edge.pass_seconds(30)
    assert (await edge.try_sign_in(person)).status == 200


async def test_who_guesses_at_an_open_browser_has_to_wait(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.VIEWER)
    for _ in range(5):
        wrong = await tab.call("POST", "/me/password", json=CHANGE | {"current": "a guess at the password"})
        await edge.error(wrong, 400, "wrong_password")
    await edge.error(await tab.call("POST", "/me/password", json=CHANGE), 429, "locked_out")
    entries = await edge.stores.audit.entries(AuditQuery(limit=9))
    locked = [dict(entry.details) for entry in entries if entry.action == "staff.locked_out"]
    assert locked == [{"staff": tab.staff_id, "cause": "own_password"}]
    edge.pass_seconds(31)
    assert (await tab.call("POST", "/me/password", json=CHANGE)).status == 204
