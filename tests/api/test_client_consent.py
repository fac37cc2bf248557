"""The consent that a person gives on the page: kept once, shown in the report."""

from typing import Any

import pytest

from tests.api.conftest import START_MS, Edge

CONSENT = {"version": "2026-11", "locale": "pt-BR"}


async def new_session(edge: Edge) -> tuple[str, str]:
    created = await edge.create()
    return created["session"]["id"], created["clientSecret"]["secret"]


async def report_of(edge: Edge, session_id: str) -> dict[str, Any]:
    data = await (await edge.call("GET", f"/sessions/{session_id}")).json()
    report: dict[str, Any] = data["session"]["report"]
    return report


async def test_consent_is_kept_with_its_time_and_shown(edge: Edge) -> None:
    session_id, secret = await new_session(edge)
    assert "consent" not in await report_of(edge, session_id)
    edge.clock[0] += 5_000
    assert (await edge.call("POST", "/client/consent", key=secret, json=CONSENT)).status == 204
    assert (await report_of(edge, session_id))["consent"] == CONSENT | {"acceptedAt": START_MS + 5_000}
    told = await (await edge.call("GET", "/client/session", key=secret)).json()
    assert told["consent"] == {"version": "2026-11", "at": START_MS + 5_000, "recording": []}


async def test_the_same_version_keeps_its_first_time_and_a_new_one_replaces_it(edge: Edge) -> None:
    session_id, secret = await new_session(edge)
    for version, locale, expected in (("1", "en", "en"), ("1", "de", "en"), ("2", "de", "de")):
        edge.clock[0] += 1_000
        body = {"version": version, "locale": locale}
        assert (await edge.call("POST", "/client/consent", key=secret, json=body)).status == 204
        assert (await report_of(edge, session_id))["consent"]["locale"] == expected
    assert (await report_of(edge, session_id))["consent"]["acceptedAt"] == START_MS + 3_000


async def test_only_what_is_asked_for_can_be_recorded(edge: Edge) -> None:
    session_id, secret = await new_session(edge)
    body = CONSENT | {"recording": ["avatarAudio", "userVideo", "userAudio"]}
    assert (await edge.call("POST", "/client/consent", key=secret, json=body)).status == 204
    agreed = ["userAudio", "avatarAudio"]
    assert (await report_of(edge, session_id))["consent"]["recording"] == agreed
    assert edge.calls.agreed == {session_id: tuple(agreed)}
    told = await (await edge.call("GET", "/client/session", key=secret)).json()
    assert told["consent"]["recording"] == agreed


async def test_another_answer_about_recording_replaces_the_consent(edge: Edge) -> None:
    session_id, secret = await new_session(edge)
    for recording in (["userAudio"], []):
        edge.clock[0] += 1_000
        body = CONSENT | {"recording": recording}
        assert (await edge.call("POST", "/client/consent", key=secret, json=body)).status == 204
    consent = (await report_of(edge, session_id))["consent"]
    assert consent == CONSENT | {"acceptedAt": START_MS + 2_000}
    assert edge.calls.agreed == {session_id: ()}


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({}, "version", "parameter_missing"),
        ({"version": "1"}, "locale", "parameter_missing"),
        ({"version": "", "locale": "en"}, "version", "invalid_value"),
        ({"version": "<b>", "locale": "en"}, "version", "invalid_value"),
        ({"version": "1" * 65, "locale": "en"}, "version", "invalid_value"),
        ({"version": 1, "locale": "en"}, "version", "wrong_type"),
        ({"version": "1", "locale": "not a language"}, "locale", "invalid_value"),
        ({"version": "1", "locale": "en", "name": "Robin"}, "name", "unknown_field"),
        ({"version": "1", "locale": "en", "recording": ["screen"]}, "recording[0]", "invalid_value"),
        ({"version": "1", "locale": "en", "recording": "userVideo"}, "recording", "wrong_type"),
    ],
)
async def test_anything_else_is_refused_by_name(edge: Edge, body: dict[str, Any], param: str, code: str) -> None:
    session_id, secret = await new_session(edge)
    response = await edge.call("POST", "/client/consent", key=secret, json=body)
    assert (await edge.error(response, 400, code))["param"] == param
    assert "consent" not in await report_of(edge, session_id)


async def test_only_an_open_link_can_consent(edge: Edge) -> None:
    session_id, secret = await new_session(edge)
    await edge.error(
        await edge.call("POST", "/client/consent", key="cs" + "0" * 32, json=CONSENT), 404, "client_secret_unknown"
    )
    edge.clock[0] += 7_200_000
    await edge.error(await edge.call("POST", "/client/consent", key=secret, json=CONSENT), 410, "client_secret_expired")
    await edge.stores.sessions.update_session(session_id, status="incomplete", reason="expired")
    await edge.error(await edge.call("POST", "/client/consent", key=secret, json=CONSENT), 409, "session_finished")
