"""Managing accounts over HTTP."""

from typing import Any

import pytest

from rtc_server.audit.chain import SYSTEM, Draft
from rtc_server.staff.accounts import Change
from rtc_server.staff.roles import GRANTS, Permission, Role
from rtc_server.storage.ports.audit import AuditQuery
from tests.fakes.console_edge import ConsoleEdge

NEW = {
    "email": "Jo.Park@Example.org",
    "name": " Jo Park ",
    "roles": ["reviewer", "agent", "agent"],
    "tenants": ["acme"],
}


async def test_an_admin_adds_somebody_who_then_sees_their_link(edge: ConsoleEdge) -> None:
    admin = await edge.tab(Role.ADMIN)
    response = await admin.call("POST", "/staff", json=NEW | {"sandboxOnly": True})
    assert response.status == 201
    made = await response.json()
    account = made["staff"]
    assert account == {
        "id": account["id"],
        "email": "jo.park@example.org",
        "name": "Jo Park",
        "roles": ["agent", "reviewer"],
        "tenants": ["acme"],
        "sandboxOnly": True,
        "createdAt": edge.clock[0],
        "disabledAt": None,
        "isSetUp": False,
    }
    base, _, token = made["link"].partition("/console/#setup=")
    assert base == edge.origin
    assert (await edge.post("/setup/look", {"token": token})).status == 200
    assert "jo.park@example.org" in {each["email"] for each in (await admin.get("/staff"))["staff"]}
    (entry,) = await edge.stores.audit.entries(AuditQuery(limit=1))
    assert (entry.action, entry.actor.id) == ("staff.created", f"staff:{admin.staff_id}")
    assert token not in str(entry.json())
    assert "jo.park" not in str(entry.json())


@pytest.mark.parametrize("role", [role for role in Role if Permission.MANAGE_STAFF not in GRANTS[role]])
async def test_nobody_else_sees_or_changes_accounts(edge: ConsoleEdge, role: Role) -> None:
    tab = await edge.tab(role)
    for method, path, body in (
        ("GET", "/staff", None),
        ("POST", "/staff", NEW),
        ("PATCH", f"/staff/{tab.staff_id}", {"roles": ["admin"]}),
        ("POST", f"/staff/{tab.staff_id}/reset", {}),
    ):
        error = await edge.error(await tab.call(method, path, json=body), 403, "not_allowed")
        assert error["permission"] == "manage_staff"
    assert (await tab.get("/me"))["staff"]["roles"] == [role]


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"email": "nonsense"}, "email"),
        ({"name": "   "}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["root"]}, "roles"),
        ({"tenants": []}, "tenants"),
        ({"tenants": [""]}, "tenants"),
        ({"tenants": "*"}, "tenants"),
        ({"sandboxOnly": "yes"}, "sandboxOnly"),
        ({"password": "x"}, "password"),
    ],
)
async def test_what_is_wrong_is_named(edge: ConsoleEdge, change: dict[str, Any], param: str) -> None:
    admin = await edge.tab(Role.ADMIN)
    response = await admin.call("POST", "/staff", json=NEW | change)
    assert response.status == 400
    assert (await response.json())["error"]["param"] == param
    assert len((await admin.get("/staff"))["staff"]) == 1


async def test_an_address_is_taken_once_however_it_is_written(edge: ConsoleEdge) -> None:
    admin = await edge.tab(Role.ADMIN)
    assert (await admin.call("POST", "/staff", json=NEW)).status == 201
    again = await admin.call("POST", "/staff", json=NEW | {"email": "jo.park@EXAMPLE.ORG"})
    assert (await edge.error(again, 409, "email_taken"))["param"] == "email"


async def test_nobody_changes_what_they_may_do_themselves(edge: ConsoleEdge) -> None:
    admin, _ = await edge.tab(Role.ADMIN), await edge.tab(Role.ADMIN)
    own = f"/staff/{admin.staff_id}"
    for change in ({"roles": ["admin", "supervisor"]}, {"tenants": ["acme"]}, {"disabled": True}):
        await edge.error(await admin.call("PATCH", own, json=change), 403, "own_account")
    await edge.error(await admin.call("POST", f"{own}/reset", json={}), 403, "own_account")
    renamed = await admin.call("PATCH", own, json={"name": "Mia"})
    assert (await renamed.json())["staff"]["name"] == "Mia"


async def test_the_last_admin_stays(edge: ConsoleEdge) -> None:
    first, second = await edge.tab(Role.ADMIN), await edge.tab(Role.ADMIN)
    # Somebody who was invited, but cannot sign in yet, does not count.
    await edge.room.accounts.invite("new@example.org", "New", [Role.ADMIN], ["*"])
    response = await first.call("PATCH", f"/staff/{second.staff_id}", json={"disabled": True})
    assert response.status == 200
    for change in (Change(disabled=True), Change(roles=[Role.VIEWER])):
        with pytest.raises(Exception, match="last admin"):
            await edge.room.accounts.change(first.staff_id, change)
    assert (await first.call("GET", "/staff")).status == 200


async def test_who_is_reset_is_signed_out_and_needs_the_new_link(edge: ConsoleEdge) -> None:
    admin, person = await edge.tab(Role.ADMIN), await edge.person(Role.AGENT)
    tab = await edge.sign_in(person)
    response = await admin.call("POST", f"/staff/{person.staff.id}/reset", json={})
    assert "/console/#setup=" in (await response.json())["link"]
    await edge.error(await tab.call("GET", "/me"), 401, "signed_out")
    edge.pass_seconds(30)
    await edge.error(await edge.try_sign_in(person), 401, "wrong_credentials")


async def test_disabling_and_enabling(edge: ConsoleEdge) -> None:
    admin, person = await edge.tab(Role.ADMIN), await edge.person(Role.AGENT)
    path = f"/staff/{person.staff.id}"
    disabled = await (await admin.call("PATCH", path, json={"disabled": True})).json()
    assert disabled["staff"]["disabledAt"] == edge.clock[0]
    await edge.error(await edge.try_sign_in(person), 401, "wrong_credentials")
    await edge.error(await admin.call("POST", f"{path}/reset", json={}), 409, "staff_disabled")
    enabled = await (await admin.call("PATCH", path, json={"disabled": False})).json()
    assert enabled["staff"]["disabledAt"] is None
    assert (await edge.try_sign_in(person)).status == 200
    actions = [dict(each.details) for each in await edge.stores.audit.entries(AuditQuery(action="staff.changed"))]
    assert [each["disabled"] for each in actions] == [False, True]


async def test_unknown_accounts_are_not_found(edge: ConsoleEdge) -> None:
    admin = await edge.tab(Role.ADMIN)
    await edge.error(await admin.call("PATCH", "/staff/stf_x", json={"name": "x"}), 404, "staff_not_found")
    await edge.error(await admin.call("POST", "/staff/stf_x/reset", json={}), 404, "staff_not_found")


async def test_an_admin_of_one_tenant_gives_nobody_more_than_they_see(edge: ConsoleEdge) -> None:
    whole = await edge.person(Role.ADMIN)
    admin = await edge.tab(Role.ADMIN, tenants=("acme", "bank"))
    for tenants in (["*"], ["other"], ["acme", "other"]):
        response = await admin.call("POST", "/staff", json=NEW | {"tenants": tenants})
        await edge.error(response, 403, "beyond_own_sight")
    made = await (await admin.call("POST", "/staff", json=NEW)).json()
    path = f"/staff/{made['staff']['id']}"
    await edge.error(await admin.call("PATCH", path, json={"tenants": ["*"]}), 403, "beyond_own_sight")
    assert (await admin.call("PATCH", path, json={"tenants": ["acme", "bank"]})).status == 200
    # Whoever sees more is not there for them.
    listed = {each["id"] for each in (await admin.get("/staff"))["staff"]}
    assert listed == {admin.staff_id, made["staff"]["id"]}
    above = f"/staff/{whole.staff.id}"
    await edge.error(await admin.call("PATCH", above, json={"disabled": True}), 404, "staff_not_found")
    await edge.error(await admin.call("POST", f"{above}/reset", json={}), 404, "staff_not_found")


async def test_an_admin_of_the_sandbox_makes_accounts_of_the_sandbox(edge: ConsoleEdge) -> None:
    person = await edge.person(Role.ADMIN)
    draft = Draft(at=edge.clock[0], actor=SYSTEM, action="staff.changed", details={"staff": person.staff.id})
    await edge.stores.staff.change_staff(person.staff.id, draft, sandbox_only=True)
    admin = await edge.sign_in(person)
    await edge.error(await admin.call("POST", "/staff", json=NEW), 403, "beyond_own_sight")
    assert (await admin.call("POST", "/staff", json=NEW | {"sandboxOnly": True})).status == 201
