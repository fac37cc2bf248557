"""What the page sends while a document is scanned: taken when awaited, refused with a name otherwise."""

import asyncio

import cv2
import numpy as np
import pytest

from rtc_server.api.ports import CallError
from rtc_server.session.document.pictures import PICTURES_LIMIT, WAITING_LIMIT, Pictures
from rtc_server.session.vision.picture import decode, encode_jpeg
from tests.fakes.documents import still
from vision.document.readings import FIRST_UPLOAD

PATIENCE_SECONDS = 5.0


async def refused(pictures: Pictures, number: int | None, content: bytes) -> CallError:
    with pytest.raises(CallError) as error:
        await pictures.accept(number, content)
    assert error.value.message
    return error.value


async def test_a_still_is_handed_over_as_people_see_it() -> None:
    pictures = Pictures(uploads=False)
    pictures.expect(4)
    waiting = asyncio.create_task(pictures.still(PATIENCE_SECONDS))
    await pictures.accept(4, still(300, 200))
    image = await waiting
    assert image is not None
    assert image.shape == (200, 300, 3)


@pytest.mark.parametrize("size", [(12_000, 3_000), (4_001, 100 * 10), (4_000, 3_000)])
async def test_large_pictures_are_scaled_and_not_refused(size: tuple[int, int]) -> None:
    pictures = Pictures(uploads=True)
    await pictures.accept(None, encode_jpeg(np.zeros((size[1], size[0], 3), np.uint8)))
    number, image = await pictures.uploaded()
    assert number == FIRST_UPLOAD
    assert image.shape[1] == min(4_000, size[0])


async def test_a_header_that_claims_too_much_is_refused_undecoded() -> None:
    pictures = Pictures(uploads=True)
    claims = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + b"IHDR" + (60_000).to_bytes(4) + (60_000).to_bytes(4) + b"\0" * 9
    error = await refused(pictures, None, claims)
    assert (error.code, error.status) == ("picture_too_large", 413)


@pytest.mark.parametrize(
    "garbage", [b"", b"GIF89a" + b"\0" * 40, b"\xff\xd8\xff\xe0garbage", still()[:2_000] + b"\0" * 9]
)
async def test_garbage_is_named_and_ends_the_wait_for_a_still(garbage: bytes) -> None:
    pictures = Pictures(uploads=True)
    pictures.expect(0)
    waiting = asyncio.create_task(pictures.still(PATIENCE_SECONDS))
    error = await refused(pictures, 0, garbage)
    assert (error.code, error.status) == ("picture_unreadable", 400)
    assert await waiting is None, "the video is read at once instead"


@pytest.mark.parametrize("number", [0, 2, 999])
async def test_another_number_is_not_awaited(number: int) -> None:
    pictures = Pictures(uploads=True)
    assert (await refused(pictures, number, still())).code == "not_awaited"
    pictures.expect(1)
    error = await refused(pictures, number, still())
    assert (error.code, error.status) == ("not_awaited", 409)


async def test_a_still_is_taken_once() -> None:
    pictures = Pictures(uploads=False)
    pictures.expect(0)
    waiting = asyncio.create_task(pictures.still(PATIENCE_SECONDS))
    await pictures.accept(0, still())
    assert await waiting is not None
    assert (await refused(pictures, 0, still())).code == "not_awaited"


async def test_a_still_that_never_comes_is_waited_for_no_longer_than_its_time() -> None:
    pictures = Pictures(uploads=False)
    pictures.expect(0)
    assert await pictures.still(0.01) is None
    assert (await refused(pictures, 0, still())).code == "not_awaited"


async def test_a_still_that_came_in_time_is_not_given_up_while_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    decode_on_thread = asyncio.to_thread

    async def slowly(*arguments: object) -> object:
        begun.set()
        await go_on.wait()
        return await decode_on_thread(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "to_thread", slowly)
    pictures = Pictures(uploads=False)
    pictures.expect(0)
    sending = asyncio.create_task(pictures.accept(0, still()))
    await begun.wait()
    waiting = asyncio.create_task(pictures.still(0.01))
    done, _ = await asyncio.wait({waiting}, timeout=0.1)
    assert not done
    go_on.set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await sending
        assert await waiting is not None


async def test_a_sender_who_goes_away_ends_the_wait() -> None:
    pictures = Pictures(uploads=False)
    pictures.expect(0)
    waiting = asyncio.create_task(pictures.still(PATIENCE_SECONDS))
    sending = asyncio.create_task(pictures.accept(0, still(4_000, 4_000)))
    await asyncio.sleep(0)
    sending.cancel()
    async with asyncio.timeout(1):
        assert await waiting is None


async def test_the_page_says_that_it_has_none() -> None:
    pictures = Pictures(uploads=False)
    pictures.expect(3)
    pictures.missing(2)
    waiting = asyncio.create_task(pictures.still(PATIENCE_SECONDS))
    pictures.missing(3)
    async with asyncio.timeout(1):
        assert await waiting is None


async def test_a_hundred_files_are_refused_after_a_few_and_forgotten_after_thirty() -> None:
    pictures = Pictures(uploads=True)
    codes = []
    for _ in range(100):
        try:
            await pictures.accept(None, still(40, 30))
            codes.append("taken")
        except CallError as error:
            codes.append(error.code)
    assert codes[:PICTURES_LIMIT] == ["taken"] * WAITING_LIMIT + ["busy"] * (PICTURES_LIMIT - WAITING_LIMIT)
    assert set(codes[PICTURES_LIMIT:]) == {"too_many_pictures"}


async def test_files_that_come_at_once_wait_for_each_other() -> None:
    pictures = Pictures(uploads=True)
    sent = await asyncio.gather(*(pictures.accept(None, still()) for _ in range(10)), return_exceptions=True)
    assert sum(result is None for result in sent) == WAITING_LIMIT
    numbers = [(await pictures.uploaded())[0] for _ in range(WAITING_LIMIT)]
    assert numbers == [FIRST_UPLOAD, FIRST_UPLOAD + 1, FIRST_UPLOAD + 2]


async def test_one_picture_cannot_confirm_itself() -> None:
    pictures = Pictures(uploads=True)
    pictures.expect(0)
    waiting = asyncio.create_task(pictures.still(PATIENCE_SECONDS))
    content = still()
    await pictures.accept(0, content)
    assert await waiting is not None
    error = await refused(pictures, None, content)
    assert (error.code, error.status) == ("same_picture", 409)
    again = cv2.imencode(".webp", cv2.cvtColor(decode(content), cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, 101])[
        1
    ]  # other bytes
    assert (await refused(pictures, None, again.tobytes())).code == "same_picture"
    await pictures.accept(None, still())


async def test_a_picture_that_nobody_could_look_at_may_come_again() -> None:
    pictures = Pictures(uploads=True)
    content = still()
    await pictures.accept(None, content)
    number, _ = await pictures.uploaded()
    pictures.unread(number)
    await pictures.accept(None, content)


async def test_files_may_be_refused_altogether() -> None:
    error = await refused(Pictures(uploads=False), None, still())
    assert (error.code, error.status) == ("not_awaited", 409)
