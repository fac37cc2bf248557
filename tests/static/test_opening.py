"""What the page makes of the server's answer: the first state, the colour of the stage, and refusals."""

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OPENING: dict[str, Any] = {
    "session": {"id": "s", "status": "created", "language": "en"},
    "avatar": {"name": "Ava", "persona": "ava"},
    "captions": True,
}


async def first_state(page: Page, wide: bool = True, **more: Any) -> Any:
    """What the page begins with after this answer."""
    return await page.evaluate(
        "([opening, wide]) => import('/static/session/opening.js').then((m) => m.firstState(opening, 'en', wide))",
        [OPENING | more, wide],
    )


async def test_an_answer_without_extras_is_enough(module_page: Page) -> None:
    state = await first_state(module_page)
    assert state["controls"] == {"shown": True, "buttons": None, "autoHide": False}
    assert (state["consentWanted"], state["rejoining"], state["asksPermissions"]) == (True, False, False)
    assert state["languages"] == ["en"]
    assert state["recordable"] == []
    assert state["transcript"] is True
    assert (await first_state(module_page, wide=False))["transcript"] is False


async def test_who_rejoins_is_not_led_past_the_device_check(module_page: Page) -> None:
    assert (await first_state(module_page, asksPermissions=True))["asksPermissions"] is True
    session = OPENING["session"] | {"status": "inProgress"}
    state = await first_state(module_page, asksPermissions=True, session=session)
    assert (state["asksPermissions"], state["rejoining"]) == (False, True)


@pytest.mark.parametrize(
    ("page", "colour"),
    [
        ({"backgroundType": "COLOR", "backgroundColor": "#123456"}, "#123456"),
        ({"backgroundType": "COLOR", "backgroundColor": "rebeccapurple"}, "rebeccapurple"),
        ({"backgroundType": "COLOR", "backgroundColor": "url(https://elsewhere.example/x.png)"}, ""),
        ({"backgroundType": "COLOR"}, ""),
        ({"backgroundType": "AVATAR", "backgroundColor": "#123456"}, ""),
        (None, ""),
    ],
)
async def test_only_a_colour_colours_the_stage(module_page: Page, page: dict[str, str] | None, colour: str) -> None:
    found = await module_page.evaluate(
        "(opening) => import('/static/session/opening.js').then((m) => m.stageColour(opening))",
        {"customization": {"permissionsPage": page}},
    )
    assert found == colour


@pytest.mark.parametrize(
    ("code", "details", "retry_after", "event"),
    [
        ("busy", {}, 3, {"type": "stopped", "code": "busy", "retryAt": 4_000}),
        ("busy", {}, 0, {"type": "stopped", "code": "busy", "retryAt": 11_000}),
        ("client_secret_expired", {}, 0, {"type": "stopped", "code": "client_secret_expired", "retryAt": None}),
        (
            "session_finished",
            {"status": "complete", "reason": "end"},
            0,
            {"type": "finished", "status": "complete", "reason": "end"},
        ),
        ("session_finished", {"status": "odd"}, 0, {"type": "finished", "status": "incomplete", "reason": ""}),
    ],
)
async def test_refusals(
    module_page: Page, code: str, details: dict[str, str], retry_after: int, event: dict[str, Any]
) -> None:
    found = await module_page.evaluate(
        """async ([code, details, retryAfter]) => {
          const { refusal } = await import('/static/session/opening.js');
          const { ServerError } = await import('/static/session/server.js');
          return refusal(new ServerError(code, details, retryAfter), 1000);
        }""",
        [code, details, retry_after],
    )
    assert found == event
