"""A call is recorded for a person who has agreed to it, and for nobody else; who takes it back leaves nothing."""

import io
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.conftest import REPOSITORY
from tests.e2e.conftest import KEY, Person, Server, running_server, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.models, pytest.mark.slow]

HELLO: list[dict[str, Any]] = json.loads((REPOSITORY / "examples" / "hello.json").read_text())["flow"]
BOX = "I agree that my picture and the sound of this conversation are recorded."
TRACKS = ["userVideo", "userAudio", "avatarAudio"]
LOUD = 0.02
"""Root mean square of a tenth of a second in which somebody speaks."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recording")


@pytest.fixture(scope="module")
def recording_server(weights: Path, folder: Path) -> Iterator[Server]:
    on = {f"RECORDING_{track}": "true" for track in ("USER_VIDEO", "USER_AUDIO", "AVATAR_AUDIO")}
    with running_server(folder, weights, KEY, **on) as running:
        yield running


def begin(person: Person, link: str, *, agrees: bool) -> None:
    """Into the call."""
    person.page.goto(link)
    box = person.page.get_by_role("checkbox", name=BOX)
    expect(box).not_to_be_checked()
    if agrees:
        box.check()
    person.page.get_by_role("button", name="Continue", exact=True).click()
    person.page.get_by_role("button", name="Start the conversation").click()


def talk(person: Person) -> None:
    """To the end of the flow."""
    heard = person.wait_until("listening", person.wait_until("speaking"))
    person.say("My name is Maria Lopez.")
    person.wait_until("listening", person.wait_until("speaking", heard))
    person.say("Yes, please move it.")


def report_of(server: Server, session_id: str) -> dict[str, Any]:
    report: dict[str, Any] = server.call("GET", f"/sessions/{session_id}")["session"]["report"]
    return report


def downloaded(server: Server, file: dict[str, Any]) -> bytes:
    link = file["url"] if file["url"].startswith("http") else server.url + file["url"]
    with urllib.request.urlopen(link, timeout=10) as response:
        content: bytes = response.read()
    return content


def pictures_and_loud_seconds(content: bytes) -> tuple[int, float]:
    """How many pictures a file has, and for how long something is heard in it."""
    pictures, sound = 0, [np.zeros(0, np.float32)]
    with av.open(io.BytesIO(content)) as file:
        for frame in file.decode():
            if isinstance(frame, av.VideoFrame):
                pictures += 1
            elif isinstance(frame, av.AudioFrame):
                samples = frame.to_ndarray()
                scale = 32_768 if samples.dtype.kind == "i" else 1
                sound.append(samples.reshape(-1, frame.samples if frame.format.is_planar else 1)[:1].ravel() / scale)
    heard = np.concatenate(sound)
    tenths = heard[: heard.size // 4_800 * 4_800].reshape(-1, 4_800)
    return pictures, float((np.sqrt((tenths**2).mean(axis=1)) > LOUD).sum() / 10)


def test_a_call_is_recorded_for_who_agrees(recording_server: Server, person: Person) -> None:
    session_id, link = recording_server.create(HELLO)
    begin(person, link, agrees=True)
    expect(person.page.get_by_role("button", name="Recording")).to_be_visible(timeout=15_000)
    talk(person)
    session = recording_server.finished(session_id)
    assert session["status"] == "complete"
    assert session["report"]["consent"]["recording"] == TRACKS
    wait_for(
        lambda: all(part["finished"] for part in report_of(recording_server, session_id)["media"]["recordings"]),
        10,
        "the recordings to be finished",
    )
    media = report_of(recording_server, session_id)["media"]
    assert {part["kind"] for part in media["recordings"]} == {"userVideo", "avatarAudio"}
    pictures, spoken = pictures_and_loud_seconds(downloaded(recording_server, media["userVideo"]))
    assert pictures > 50
    assert spoken > 1, "the person's two answers"
    none, told = pictures_and_loud_seconds(downloaded(recording_server, media["avatarVideo"]))
    assert none == 0
    assert told > 2, "the avatar's two questions and farewell"


def test_nothing_is_recorded_of_who_does_not_agree(recording_server: Server, person: Person, folder: Path) -> None:
    before = kept(folder)
    session_id, link = recording_server.create(HELLO)
    begin(person, link, agrees=False)
    talk(person)
    recording_server.finished(session_id)
    expect(person.page.get_by_role("button", name="Recording")).to_have_count(0)
    report = report_of(recording_server, session_id)
    assert "media" not in report
    assert "recording" not in report["consent"]
    assert kept(folder) == before


def test_who_takes_it_back_leaves_nothing(recording_server: Server, person: Person, folder: Path) -> None:
    before = kept(folder)
    session_id, link = recording_server.create(HELLO)
    begin(person, link, agrees=True)
    person.wait_until("listening", person.wait_until("speaking"))
    wait_for(lambda: kept(folder) - before, 10, "something to be recorded")
    person.page.get_by_role("button", name="Recording").click()
    person.page.get_by_role("button", name="Stop recording").click()
    expect(person.page.get_by_text("Recording stopped, and what was recorded is erased.")).to_be_visible(timeout=10_000)
    assert kept(folder) == before
    report = report_of(recording_server, session_id)
    assert "media" not in report
    assert "recording" not in report["consent"]
    recording_server.call("POST", f"/sessions/{session_id}/cancel", {})
    recording_server.finished(session_id)
    assert kept(folder) == before


def kept(folder: Path) -> set[Path]:
    """Files of pictures and recordings."""
    return set((folder / "data" / "media").glob("*/*"))
