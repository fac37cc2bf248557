"""Languages and avatars, as bare arrays."""

from PIL import Image

from rtc_server.api.resources.catalogue import PORTRAITS
from rtc_server.avatars import AVATARS
from tests.api.conftest import Edge
from tests.conftest import REPOSITORY


async def test_languages_are_those_that_the_server_speaks(edge: Edge) -> None:
    response = await edge.call("GET", "/langs")
    assert await response.json() == [{"id": "en", "title": "English"}]


async def test_without_a_key_it_is_a_401_object(edge: Edge) -> None:
    for path in ("/langs", "/avatars"):
        error = await edge.error(await edge.client.get(path), 401, "api_key_missing")
        assert error["type"] == "authentication_error"


async def test_avatars_have_all_that_the_contract_names(edge: Edge) -> None:
    (avatar,) = await (await edge.call("GET", "/avatars")).json()
    assert avatar == {
        "id": "ava",
        "name": "Ava",
        "gender": "unknown",
        "imageUrl": "https://verify.example.org/static/session/avatar/portraits/ava.webp",
        "createdAt": 0,
        "isDisabled": False,
    }


def test_every_avatar_has_its_portrait() -> None:
    for avatar in AVATARS.values():
        file = REPOSITORY / PORTRAITS.removeprefix("/") / f"{avatar.persona}.webp"
        assert file.stat().st_size <= 30_000, "it is the first thing that the page paints"
        with Image.open(file) as picture:
            assert (picture.format, picture.size) == ("WEBP", (512, 512))
            shades = len(picture.convert("L").histogram()) - picture.convert("L").histogram().count(0)
        assert shades > 100, "a portrait, not a plain ground"
