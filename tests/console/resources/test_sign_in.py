"""Signing in and out over HTTP: both factors, one answer for all that is wrong, lock-out, set-up by link."""

import asyncio
import logging
import re
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from rtc_server.staff import passwords
from rtc_server.staff.accounts import Change
from rtc_server.staff.roles import GRANTS, Role
from rtc_server.staff.totp import code_at
from rtc_server.storage.ports.audit import AuditQuery
from tests.fakes.console_edge import PASSWORD, ConsoleEdge, Person

NEW_PASSWORD = "an umbrella stand in the hall"


async def audited(edge: ConsoleEdge, action: str) -> list[dict[str, Any]]:
    """Details of the audit's entries of this action, newest first."""
    entries = await edge.stores.audit.entries(AuditQuery(action=action))
    return [dict(entry.details) for entry in entries]


async def wrong(edge: ConsoleEdge, person: Person, times: int) -> None:
    for _ in range(times):
        await edge.error(await edge.try_sign_in(person, password="wrong"), 401, "wrong_credentials")


async def test_both_factors_open_the_console(edge: ConsoleEdge) -> None:
    person = await edge.person(Role.AGENT, Role.REVIEWER, tenants=("acme",), name="Jo Park")
    tab = await edge.sign_in(person)
    me = await tab.get("/me")
    assert me["staff"] == {
        "id": person.staff.id,
        "name": "Jo Park",
        "email": person.staff.email,
        "roles": ["agent", "reviewer"],
        "permissions": sorted(GRANTS[Role.AGENT] | GRANTS[Role.REVIEWER]),
        "tenants": ["acme"],
        "sandboxOnly": False,
    }
    assert me["csrf"] == tab.csrf
    assert me["expiresAt"] == edge.clock[0] + 30 * 60 * 1000
    assert me["twoPersonRule"] is False
    assert await audited(edge, "staff.signed_in") == [{"code": "app"}]


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong"},
        {"password": ""},
        {"password": PASSWORD + " "},
        {"code": "000000"},
        {"code": ""},
        {"code": "AAAA-AAAA-AAAA"},
        {"code": "\u0661\u0662\u0663\u0664\u0665\u0666"},
        {"email": "nobody@example.org"},
        {"email": "\ud800"},
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same(edge: ConsoleEdge, changes: dict[str, str]) -> None:
    person = await edge.person(Role.VIEWER)
    reference = await edge.error(await edge.try_sign_in(person, password="x"), 401, "wrong_credentials")
    response = await edge.try_sign_in(person, **changes)
    if changes.get("email") == "\ud800":
        assert response.status in (400, 401)
        return
    error = await edge.error(response, 401, "wrong_credentials")
    assert error["message"] == reference["message"]
    assert "Set-Cookie" not in response.headers


async def test_accounts_that_are_disabled_or_not_set_up_answer_alike(edge: ConsoleEdge) -> None:
    person = await edge.person(Role.VIEWER)
    await edge.room.accounts.change(person.staff.id, Change(disabled=True))
    await edge.error(await edge.try_sign_in(person), 401, "wrong_credentials")
    invited, _ = await edge.room.accounts.invite("new@example.org", "New", [Role.VIEWER], ["*"])
    body = {"email": invited.email, "password": "", "code": ""}
    await edge.error(await edge.post("/sign-in", body), 401, "wrong_credentials")


async def test_wrong_answers_cost_the_same_work_for_known_and_unknown(
    edge: ConsoleEdge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work, not seconds: a machine that is busy with something else says nothing about a hash that was left out."""
    compared: list[str] = []
    compare = passwords._same

    def watched(password: bytes, kept: str) -> bool:
        compared.append(kept.rsplit("$", 2)[0])
        return compare(password, kept)

    monkeypatch.setattr(passwords, "_same", watched)
    person = await edge.person(Role.VIEWER)
    answers = ((person.staff.email, "wrong"), ("nobody@example.org", "wrong"), (person.staff.email, PASSWORD))
    for email, password in answers:
        await edge.post("/sign-in", {"email": email, "password": password, "code": "000000"})
    assert compared == [f"$argon2id$v=19$m={passwords.MEMORY_KIB},t={passwords.ITERATIONS},p={passwords.LANES}"] * 3


async def test_a_code_counts_once(edge: ConsoleEdge) -> None:
    person = await edge.person(Role.VIEWER)
    code = code_at(person.secret, edge.clock[0])
    assert (await edge.try_sign_in(person, code=code)).status == 200
    await edge.error(await edge.try_sign_in(person, code=code), 401, "wrong_credentials")
    edge.pass_seconds(30)
    await edge.error(await edge.try_sign_in(person, code=code), 401, "wrong_credentials")  # within the drift
    assert (await edge.try_sign_in(person)).status == 200
    before = code_at(person.secret, edge.clock[0] - 30_000)
    await edge.error(await edge.try_sign_in(person, code=before), 401, "wrong_credentials")


async def test_of_two_at_once_with_one_code_one_is_let_in(edge: ConsoleEdge) -> None:
    person = await edge.person(Role.VIEWER)
    replies = await asyncio.gather(*(edge.try_sign_in(person) for _ in range(4)))
    assert sorted(reply.status for reply in replies) == [200, 401, 401, 401]


@pytest.mark.parametrize(("drift_seconds", "status"), [(-30, 200), (30, 200), (-90, 401), (90, 401)])
async def test_a_phone_may_be_half_a_minute_off(edge: ConsoleEdge, drift_seconds: int, status: int) -> None:
    person = await edge.person(Role.VIEWER)
    code = code_at(person.secret, edge.clock[0] + drift_seconds * 1000)
    assert (await edge.try_sign_in(person, code=f"{code[:3]} {code[3:]}")).status == status


async def test_five_failures_lock_an_account_and_the_wait_grows(edge: ConsoleEdge) -> None:
    person = await edge.person(Role.VIEWER)
    await wrong(edge, person, 5)
    waits = []
    for _ in range(3):
        response = await edge.try_sign_in(person)  # even with all that is right
        error = await edge.error(response, 429, "locked_out")
        waits.append(int(response.headers["Retry-After"]))
        assert str(waits[-1]) in error["message"]
        edge.pass_seconds(waits[-1])
        await wrong(edge, person, 1)
    assert waits == [30, 60, 120]
    edge.pass_seconds(240)
    assert (await edge.try_sign_in(person)).status == 200
    await wrong(edge, person, 4)  # it began afresh
    assert await audited(edge, "staff.locked_out") == [{"staff": person.staff.id, "cause": "sign_in"}]


async def test_accounts_that_do_not_exist_are_locked_out_alike(edge: ConsoleEdge) -> None:
    body = {"email": "nobody@example.org", "password": "wrong", "code": "000000"}
    for _ in range(5):
        await edge.error(await edge.post("/sign-in", body), 401, "wrong_credentials")
    await edge.error(await edge.post("/sign-in", body | {"email": " Nobody@Example.org"}), 429, "locked_out")


async def test_many_at_once_are_not_taken_for_the_first(edge: ConsoleEdge) -> None:
    person = await edge.person(Role.VIEWER)
    replies = await asyncio.gather(*(edge.try_sign_in(person, password="wrong") for _ in range(12)))
    assert sorted(reply.status for reply in replies) == [401] * 5 + [429] * 7


async def test_an_address_that_tries_many_accounts_is_locked_out(edge: ConsoleEdge) -> None:
    for number in range(20):
        body = {"email": f"p{number}@example.org", "password": "Winter2026!!", "code": "000000"}
        await edge.error(await edge.post("/sign-in", body), 401, "wrong_credentials")
    person = await edge.person(Role.VIEWER)
    await edge.error(await edge.try_sign_in(person), 429, "locked_out")
    edge.pass_seconds(30)
    assert (await edge.try_sign_in(person)).status == 200


async def test_a_link_sets_an_account_up_once(edge: ConsoleEdge) -> None:
    invited, token = await edge.room.accounts.invite("mia@example.org", "Mia Lopez", [Role.ADMIN], ["*"])
    offer = await (await edge.post("/setup/look", {"token": token})).json()
    assert (offer["email"], offer["name"]) == ("mia@example.org", "Mia Lopez")
    assert len(offer["totpSecret"]) == 32  # 160 bits in base32
    assert offer["otpauth"].startswith("otpauth://totp/Visavis:mia%40example.org?secret=" + offer["totpSecret"])
    assert decoded(offer["totpSvg"]) == offer["otpauth"]

    code = code_at(offer["totpSecret"], edge.clock[0])
    body = {"token": token, "password": NEW_PASSWORD, "code": code}
    response = await edge.post("/setup", body)
    assert response.status == 200
    codes = (await response.json())["recoveryCodes"]
    assert len(set(codes)) == 8
    assert all(re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", each) for each in codes)
    await edge.error(await edge.post("/setup", body), 404, "setup_link_unknown")
    await edge.error(await edge.post("/setup/look", {"token": token}), 404, "setup_link_unknown")
    person = Person(invited, offer["totpSecret"])
    assert (await edge.try_sign_in(person, password=NEW_PASSWORD, code=code)).status == 200
    assert (await edge.try_sign_in(person, password=NEW_PASSWORD, code=code)).status == 401
    assert (await audited(edge, "staff.set_up")) == [{"staff": invited.id}]


async def test_a_recovery_code_counts_once_and_only_for_its_account(edge: ConsoleEdge) -> None:
    people = []
    for name in ("mia", "jo"):
        invited, token = await edge.room.accounts.invite(f"{name}@example.org", name, [Role.VIEWER], ["*"])
        secret = (await edge.room.setup.look(token)).totp_secret
        codes = await edge.room.setup.finish(token, NEW_PASSWORD, code_at(secret, edge.clock[0]))
        people.append((Person(invited, secret), codes))
    (mia, codes), (jo, _) = people
    typed = codes[0].lower().replace("-", " ")
    assert (await edge.try_sign_in(jo, password=NEW_PASSWORD, code=typed)).status == 401
    assert (await edge.try_sign_in(mia, password="wrong", code=typed)).status == 401  # is not used up by that
    assert (await edge.try_sign_in(mia, password=NEW_PASSWORD, code=typed)).status == 200
    assert (await edge.try_sign_in(mia, password=NEW_PASSWORD, code=typed)).status == 401
    assert (await edge.try_sign_in(mia, password=NEW_PASSWORD, code=codes[7])).status == 200
    assert (await audited(edge, "staff.signed_in"))[0] == {"code": "recovery_code"}


@pytest.mark.parametrize(
    ("password", "hint"),
    [
        ("short", "at least 12"),
        ("x" * 300, "256"),
        ("aaaaaaaaaaaaaaaa", "tried first"),
        ("Password1234", "tried first"),
        ("MIA.lopez@example.org", "e-mail"),
    ],
)
async def test_weak_passwords_are_refused_and_the_link_stays_good(edge: ConsoleEdge, password: str, hint: str) -> None:
    _, token = await edge.room.accounts.invite("mia.lopez@example.org", "Mia", [Role.VIEWER], ["*"])
    code = code_at((await edge.room.setup.look(token)).totp_secret, edge.clock[0])
    response = await edge.post("/setup", {"token": token, "password": password, "code": code})
    error = await edge.error(response, 400, "weak_password")
    assert error["param"] == "password"
    assert hint in error["message"]
    assert (await edge.post("/setup", {"token": token, "password": NEW_PASSWORD, "code": code})).status == 200


async def test_links_run_out_and_are_replaced_and_die_with_the_account(edge: ConsoleEdge) -> None:
    invited, first = await edge.room.accounts.invite("mia@example.org", "Mia", [Role.VIEWER], ["*"])
    await edge.error(
        await edge.post("/setup", {"token": first, "password": NEW_PASSWORD, "code": "000000"}), 400, "wrong_code"
    )
    second = await edge.room.accounts.reset(invited.id)
    assert second is not None
    await edge.error(await edge.post("/setup/look", {"token": first}), 404, "setup_link_unknown")
    assert (await edge.post("/setup/look", {"token": second})).status == 200
    await edge.room.accounts.change(invited.id, Change(disabled=True))
    await edge.error(await edge.post("/setup/look", {"token": second}), 404, "setup_link_unknown")
    await edge.room.accounts.change(invited.id, Change(disabled=False))
    edge.pass_seconds(24 * 3600)
    await edge.error(await edge.post("/setup/look", {"token": second}), 404, "setup_link_unknown")
    await edge.error(await edge.post("/setup/look", {"token": ""}), 404, "setup_link_unknown")


@pytest.mark.parametrize("body", [{}, {"email": 1, "password": "x", "code": "x"}, {"email": "a", "password": "b"}])
async def test_a_wrong_body_is_told_by_field(edge: ConsoleEdge, body: dict[str, Any]) -> None:
    response = await edge.post("/sign-in", body)
    assert response.status == 400
    assert (await response.json())["error"]["param"] in ("email", "code")


async def test_nothing_secret_reaches_the_log(edge: ConsoleEdge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    invited, token = await edge.room.accounts.invite("mia@example.org", "Mia", [Role.VIEWER], ["*"])
    secret = (await (await edge.post("/setup/look", {"token": token})).json())["totpSecret"]
    code = code_at(secret, edge.clock[0])
    done = await edge.post("/setup", {"token": token, "password": NEW_PASSWORD, "code": code})
    recovery = (await done.json())["recoveryCodes"]
    await edge.try_sign_in(Person(invited, secret), password="wrong")
    response = await edge.try_sign_in(Person(invited, secret), password=NEW_PASSWORD)
    cookie = response.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    for word in (token, secret, code, NEW_PASSWORD, cookie, "mia@example.org", *recovery):
        assert word not in caplog.text


def decoded(svg: str) -> str:
    """The text of a QR code that is drawn as one path of rectangles."""
    width, height = (int(number) for number in re.findall(r'<svg width="(\d+)" height="(\d+)"', svg)[0])
    picture = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(picture)
    for x, y, w, h in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", svg):
        draw.rectangle((int(x), int(y), int(x) + int(w) - 1, int(y) + int(h) - 1), fill=0)
    (code,) = zxingcpp.read_barcodes(picture)
    return str(code.text)
