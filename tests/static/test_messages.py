"""The page and the server speak of the same messages."""

import dataclasses
import json
import typing
from typing import Any

import pytest
from playwright.async_api import Page

from rtc_server.rtc import messages
from rtc_server.rtc.message_codec import decode_from_page, encode, type_name

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DECODE = "(text) => import('/static/shared/messages.js').then((m) => m.decode(text))"


def wire_fields(message_class: type[Any], *, mark_optional: bool) -> list[str]:
    """Names on the wire of a message class, as ``encode`` writes them."""
    names = []
    for field in dataclasses.fields(message_class):
        head, *rest = field.name.split("_")
        name = head + "".join(part.capitalize() for part in rest)
        optional = field.default is not dataclasses.MISSING
        names.append(name + "?" if optional and mark_optional else name)
    return names


async def test_types_and_fields_are_those_of_the_server(module_page: Page) -> None:
    table = await module_page.evaluate(
        "import('/static/shared/messages.js').then((m) => ({server: m.FROM_SERVER, page: m.FROM_PAGE}))"
    )
    assert table["server"] == {
        type_name(c): wire_fields(c, mark_optional=True) for c in typing.get_args(messages.FromServer)
    }
    assert table["page"] == {
        type_name(c): wire_fields(c, mark_optional=False) for c in typing.get_args(messages.FromPage)
    }


async def test_server_understands_what_the_page_encodes(module_page: Page) -> None:
    texts = await module_page.evaluate(
        """async () => {
          const { encode } = await import('/static/shared/messages.js');
          const statistics = {roundTripMs: 1, jitterBufferMs: 2.5, packetsLost: 3, concealedSamples: 4};
          return [encode('ping', {atMs: 12.5}), encode('text', {text: 'Grüße'}), encode('microphone', {state: 'muted'}),
                  encode('permissions', {requestId: 'r1', camera: 'denied', microphone: 'granted'}),
                  encode('input', {requestId: 'r1', value: 'ada@example.org'}),
                  encode('cancelInput', {requestId: 'r1'}), encode('resend', {requestId: 'r1'}), encode('leave'),
                  encode('camera', {state: 'live', label: 'Cam', width: 640, height: 480, framesPerSecond: 15,
                                    purpose: 'document'}),
                  encode('stillFailed', {requestId: 'r1', number: 2}), encode('pressShutter', {requestId: 'r1'}),
                  encode('cancelCheck', {requestId: 'r1'}),
                  encode('guideByEar', {requestId: 'r1', wanted: true}),
                  encode('flashShown', {requestId: 'r1', startedMsAgo: 1234.5}),
                  encode('flashDeclined', {requestId: 'r1', reason: 'reduced_motion'}),
                  encode('statistics', statistics)];
        }"""
    )
    assert [decode_from_page(text) for text in texts] == [
        messages.Ping(12.5),
        messages.Text("Grüße"),
        messages.Microphone("muted"),
        messages.Permissions("r1", "denied", "granted"),
        messages.Input("r1", "ada@example.org"),
        messages.CancelInput("r1"),
        messages.Resend("r1"),
        messages.Leave(),
        messages.Camera("live", "Cam", 640, 480, 15.0, "document"),
        messages.StillFailed("r1", 2),
        messages.PressShutter("r1"),
        messages.CancelCheck("r1"),
        messages.GuideByEar("r1", True),
        messages.FlashShown("r1", 1234.5),
        messages.FlashDeclined("r1", "reduced_motion"),
        messages.Statistics(1.0, 2.5, 3, 4),
    ]


async def test_page_understands_what_the_server_encodes(module_page: Page) -> None:
    speech = encode(messages.Speech("u1", "Hi", 4_294_967_000, 300, ((0, "aa", 1.0),)))
    caption = encode(messages.Caption("c1", "user", "Hello", final=True))
    decoded = await module_page.evaluate(
        "(texts) => import('/static/shared/messages.js').then((m) => texts.map(m.decode))", [speech, caption]
    )
    assert decoded == [json.loads(speech), json.loads(caption)]


@pytest.mark.parametrize(
    "text", ["", "nonsense", "null", "[]", "7", '{"type":"constructor"}', '{"type":"unheardOf"}', '{"type":"state"}']
)
async def test_page_ignores_what_it_does_not_know(module_page: Page, text: str) -> None:
    decoded = await module_page.evaluate(DECODE, text)
    assert decoded is None


async def test_page_refuses_to_send_an_incomplete_message(module_page: Page) -> None:
    error = await module_page.evaluate(
        "import('/static/shared/messages.js').then((m) => { try { m.encode('text') } catch (e) { return e.message } })"
    )
    assert error == "text.text is missing"
