"""Messages on the wire: every class round trips; whatever a page sends is understood, ignored or refused by name."""

import contextlib
import json
import math
import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtc_server.rtc.message_codec import (
    MAX_MESSAGE_BYTES,
    MAX_TEXT_CHARACTERS,
    MessageError,
    decode_from_page,
    decode_from_server,
    encode,
    type_name,
)
from rtc_server.rtc.messages import Camera, FromPage, FromServer, Pace, Ping, Speech, Text

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(str, st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
st.register_type_strategy(Pace, st.builds(Pace, st.floats(0.7, 1.3), st.booleans()))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PAGE_TYPES = [type_name(c) for c in typing.get_args(FromPage)]
FIELDS = ["text", "state", "atMs", "roundTripMs", "jitterBufferMs", "packetsLost", "concealedSamples", "extra"]


@pytest.mark.parametrize("kind", typing.get_args(FromServer), ids=type_name)
@given(data=st.data())
def test_every_server_message_round_trips(kind: type[Any], data: st.DataObject) -> None:
    message = data.draw(st.from_type(kind))
    assert decode_from_server(encode(message)) == message


@pytest.mark.parametrize("kind", typing.get_args(FromPage), ids=type_name)
@given(data=st.data())
def test_every_page_message_round_trips(kind: type[Any], data: st.DataObject) -> None:
    message = data.draw(st.from_type(kind))
    assert decode_from_page(encode(message)) == message
    assert decode_from_page(encode(message).encode()) == message


@pytest.mark.parametrize(("asked", "taken"), [(0.0, 0.7), (0.69, 0.7), (1, 1.0), (1.31, 1.3), (-1e300, 0.7)])
def test_a_rate_of_speech_is_taken_for_the_nearest_that_is_possible(asked: float, taken: float) -> None:
    wire = json.dumps({"type": "pace", "speechRate": asked, "extraTime": False})
    assert decode_from_page(wire) == Pace(taken, extra_time=False)


def test_the_wire_form() -> None:
    message = Speech("u1", "Hé", 7, 360, ((0, "aa", 0.5),))
    assert encode(message) == (
        '{"type":"speech","utteranceId":"u1","text":"Hé","rtpTimestamp":7,"durationMs":360,"visemes":[[0,"aa",0.5]]}'
    )


@pytest.mark.parametrize(
    ("wire", "complaint"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[" * 10_000, "not JSON"),
        ("1" * 5_000, "not JSON"),
        ("[]", "no 'type'"),
        ("null", "no 'type'"),
        ('{"type":7}', "no 'type'"),
        ('{"type":"text"}', "text.text is missing"),
        ('{"type":"text","text":7}', "text.text must be str"),
        ('{"type":"text","text":null}', "text.text must be str"),
        ('{"type":"ping"}', "ping.atMs is missing"),
        ('{"type":"ping","atMs":"7"}', "ping.atMs must be float"),
        ('{"type":"ping","atMs":true}', "ping.atMs must be float"),
        ('{"type":"ping","atMs":NaN}', "ping.atMs must be a finite number"),
        ('{"type":"ping","atMs":1e999}', "ping.atMs must be a finite number"),
        ('{"type":"ping","atMs":1%s}' % ("0" * 400), "ping.atMs must be a finite number"),
        ('{"type":"microphone","state":"loud"}', "microphone.state must be one of live, muted, absent"),
        ('{"type":"microphone","state":["live"]}', "microphone.state must be one of"),
        (
            '{"type":"statistics","roundTripMs":1,"jitterBufferMs":2,"packetsLost":1.5,"concealedSamples":0}',
            "statistics.packetsLost must be int",
        ),
        ('{"type":"text","text":"%s"}' % ("a" * MAX_MESSAGE_BYTES), f"longer than {MAX_MESSAGE_BYTES} bytes"),
        ('{"type":"text","text":"%s"}' % ("é" * (MAX_MESSAGE_BYTES // 2)), f"longer than {MAX_MESSAGE_BYTES} bytes"),
    ],
)
def test_malformed_messages_are_refused_by_name(wire: str | bytes, complaint: str) -> None:
    with pytest.raises(MessageError, match=complaint.replace("[", r"\[")):
        decode_from_page(wire)


@pytest.mark.parametrize("wire", ["", "[]", '{"type":"node","nodeId":"a"}', '{"type":"speech","visemes":[[0]]}'])
def test_a_python_client_gets_the_same_errors(wire: str) -> None:
    with pytest.raises(MessageError):
        decode_from_server(wire)


def test_a_wrong_viseme_is_named() -> None:
    data = json.loads(encode(Speech("u1", "Hi", 7, 360, ((0, "aa", 0.5),))))
    for visemes, complaint in ((7, "must be a list"), ([[0, "aa"]], "must have 3 items"), ([["0", "aa", 1]], "int")):
        with pytest.raises(MessageError, match=f"speech.visemes .*{complaint}"):
            decode_from_server(json.dumps({**data, "visemes": visemes}))


def test_types_and_fields_of_a_newer_page_are_ignored() -> None:
    assert decode_from_page('{"type":"wave"}') is None
    assert decode_from_page('{"type":"hello","sessionId":"s","rejoined":true,"heartbeatMs":1}') is None
    assert decode_from_page('{"type":"text","text":"Hi","mood":"good"}') == Text("Hi")
    assert decode_from_page('{"type":"ping","atMs":7}') == Ping(7.0)


def test_long_typing_is_cut() -> None:
    message = decode_from_page(encode(Text("a" * (MAX_TEXT_CHARACTERS + 5))))
    assert message == Text("a" * MAX_TEXT_CHARACTERS)


def test_typing_that_cannot_be_stored_or_sent_is_cleaned() -> None:
    """Half a surrogate pair is no Unicode text (RFC 8259 §8.2); PostgreSQL refuses NUL."""
    message = decode_from_page('{"type":"text","text":"My\\u0000 name\\ud800 is\\nMaria \\ud83d\\ude00"}')
    assert message == Text("My name\ufffd is\nMaria 😀")
    assert message.text.encode()


@given(st.fixed_dictionaries({"type": st.sampled_from(PAGE_TYPES) | JSON}, optional=dict.fromkeys(FIELDS, JSON)))
def test_no_message_raises_anything_else(data: dict[str, Any]) -> None:
    with contextlib.suppress(MessageError):
        message = decode_from_page(json.dumps(data))
        assert message is None or isinstance(message, typing.get_args(FromPage))
        assert not isinstance(message, Ping) or math.isfinite(message.at_ms)


@given(st.text() | st.binary())
def test_no_garbage_raises_anything_else(wire: str | bytes) -> None:
    with contextlib.suppress(MessageError):
        decode_from_page(wire)


def test_a_long_camera_name_is_cut() -> None:
    wire = encode(Camera("live", "c\x07" * 500, 640, 480, 15.0))
    message = decode_from_page(wire)
    assert isinstance(message, Camera)
    assert message.label == "c" * 200
