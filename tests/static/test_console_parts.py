"""Which recordings of a session the console plays together (a pure module)."""

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RECORDINGS = """async (media) => {
  const { recordingsOf, secondsAfter } = await import("/static/console/recording/parts.js");
  const shown = ({ lead, told }) => [lead.id, told.map((each) => [each.id, secondsAfter(lead, each)])];
  return recordingsOf(media).map(shown);
}"""


def part(name: str, kind: str, seconds: float) -> dict[str, Any]:
    """A part that begins so long after the start."""
    return {"id": name, "kind": kind, "side": 0, "sizeBytes": 1, "createdAt": 1_790_000_000_000 + round(1000 * seconds)}


@pytest.mark.parametrize(
    ("media", "played"),
    [
        ([], []),
        ([part("p", "userPhoto", 0)], []),
        ([part("a0", "avatarAudio", 0.5), part("a1", "avatarAudio", 60)], [["a0", []], ["a1", []]]),
        ([part("a", "avatarAudio", 0), part("v", "userVideo", 0)], [["v", [["a", 0]]]]),
        ([part("v", "userVideo", 12), part("a", "avatarAudio", 0)], [["v", [["a", -12]]]]),
        (  # the camera came late: its sound alone until then, and the avatar's in one file all the time
            [part("m", "userAudio", 0), part("v", "userVideo", 20), part("a", "avatarAudio", 0)],
            [["m", [["a", 0]]], ["v", [["a", -20]]]],
        ),
        ([part("v", "userVideo", 0), part("a", "avatarAudio", 12)], [["v", [["a", 12]]]]),  # the avatar spoke later
        (  # a long call, each of whose parts ended when it could
            [
                part("v0", "userVideo", 0),
                part("v1", "userVideo", 1_800),
                part("a0", "avatarAudio", 0),
                part("a1", "avatarAudio", 1_802),
            ],
            [["v0", [["a0", 0]]], ["v1", [["a0", -1_800], ["a1", 2]]]],
        ),
    ],
)
async def test_each_part_of_the_person_goes_with_what_they_were_told_then(
    module_page: Page, media: list[dict[str, Any]], played: list[list[Any]]
) -> None:
    assert await module_page.evaluate(RECORDINGS, media) == played
