"""The 3-D head: its file, its shapes, how it spares slow devices, and what shows where it cannot."""

import base64
import io
import json
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from rtc_server.weights.cache import locate_default
from tests.fakes.session_server import FakeSessionServer
from tests.static.browser import SOFTWARE_GPU_FLAGS, chromium_path
from tests.static.heads import tiny_head
from tests.static.test_avatar import in_module

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

READ = """(m, file) => {
  const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
  try {
    const { persona, parts } = m.readGlb(bytes.buffer);
    const plain = (values) => values && [...values].map((value) => Math.round(value * 1000) / 1000);
    return { persona, parts: parts.map((part) => ({
      ...part, positions: plain(part.positions), normals: plain(part.normals), uvs: plain(part.uvs),
      indices: plain(part.indices), colours: plain(part.colours), areas: plain(part.areas),
      translation: plain(part.translation),
      targets: part.targets.map(({ name, positions }) => [name, plain(positions)]),
    })) };
  } catch (problem) {
    return `${problem.name}: ${problem.message}`;
  }
}"""


async def read(page: Page, content: bytes) -> Any:
    """What the page makes of a file: the head, or its complaint."""
    return await in_module(page, "avatar/gltf.js", READ, base64.b64encode(content).decode())


def changed(content: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The same file with another description."""
    length = struct.unpack_from("<I", content, 12)[0]
    described = json.loads(content[20 : 20 + length])
    change(described)
    text = json.dumps(described).encode()
    text += b" " * (-len(text) % 4)
    rest = content[20 + length :]
    header = struct.pack("<4sIII4s", b"glTF", 2, 20 + len(text) + len(rest), len(text), b"JSON")
    return header + text + rest


async def test_head_is_read_with_its_scale_shapes_and_places(module_page: Page) -> None:
    head = await read(module_page, tiny_head())
    assert head["persona"]["name"] == "Ava"
    parts = {part["name"]: part for part in head["parts"]}
    skin = parts["skin"]
    assert skin["positions"][:6] == [-1.5, -1.2, 0, 1.5, -1.2, 0]
    assert skin["translation"] == [0, 6, 0.5]
    assert skin["normals"][:3] == [0, 0, 1]
    assert skin["uvs"][4:6] == [1, 1]
    assert skin["colours"][:3] == [1, 0.4, 0.2]
    assert skin["areas"][:4] == [1, 0, 0, 0.2]
    assert [name for name, _ in skin["targets"]] == ["jawOpen", "eyeBlinkLeft"]
    assert skin["targets"][0][1] == [0, -0.6, 0] + [0] * 9
    cornea = parts["cornea_left"]
    assert cornea["parent"] == "eye_left"
    assert cornea["translation"] == [0, 0, 0.08], "a child's place is scaled by what carries it"
    assert cornea["positions"][:3] == [-0.08, -0.08, 0]


def _index(described: dict[str, Any]) -> None:
    described["accessors"][described["meshes"][0]["primitives"][0]["indices"]]["count"] = 6_000


def _sparse(described: dict[str, Any]) -> None:
    described["accessors"][described["meshes"][0]["primitives"][0]["targets"][0]["POSITION"]]["count"] = 3


def _loop(described: dict[str, Any]) -> None:
    described["nodes"][0]["children"] = [0]


DAMAGES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a binary glTF file"),
    "a page": (b"<!doctype html><title>404</title>", "not a binary glTF file"),
    "old": (b"glTF" + struct.pack("<III", 1, 20, 0) + bytes(4), "not glTF version 2"),
    "cut off": (tiny_head()[:-100], "cut off"),
    "no JSON": (tiny_head().replace(b'{"asset"', b'["asset"', 1), "no JSON"),
    "no person": (changed(tiny_head(), lambda d: d["scenes"][0].pop("extras")), "extras.persona"),
    "no skin": (changed(tiny_head(), lambda d: d["scenes"][0]["nodes"].remove(0)), "no mesh named skin"),
    "beyond": (changed(tiny_head(), _index), "beyond the file"),
    "other length": (changed(tiny_head(), _sparse), "3 elements instead of 4"),
    "endless": (changed(tiny_head(), _loop), "do not end"),
    "turned": (changed(tiny_head(), lambda d: d["nodes"][0].update(rotation=[0, 0, 0, 1])), "turned"),
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_damaged_head_is_refused_in_words(module_page: Page, damage: str) -> None:
    content, words = DAMAGES[damage]
    complaint = await read(module_page, content)
    assert isinstance(complaint, str), "it was taken for a head"
    assert complaint.startswith("GlbError: ")
    assert words in complaint


SHAPES = """(m, faces) => import('/static/session/avatar/visemes.js').then(({ CLOSED, VISEMES }) => {
  const still = { yaw: 0, pitch: 0, roll: 0, breath: 0, lids: 1 };
  const rest = { ...still, gazeX: 0, gazeY: 0, squint: 0, brow: 0, frown: 0, smile: 0 };
  return faces.map(({ viseme, ...face }) => m.faceShapes({ ...rest, ...face, mouth: VISEMES[viseme] ?? CLOSED }));
})"""

VISEMES = ("PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U")


async def shapes(page: Page, *faces: dict[str, Any]) -> list[dict[str, float]]:
    """ARKit weights of faces."""
    found: list[dict[str, float]] = await in_module(page, "avatar/arkit.js", SHAPES, list(faces))
    return found


async def test_each_viseme_has_its_own_mix_of_shapes(module_page: Page) -> None:
    silent, *mixes = await shapes(module_page, {}, *({"viseme": viseme} for viseme in VISEMES))
    assert set(silent) == {"eyeBlinkLeft", "eyeBlinkRight"}, "a face at rest is the person's own"
    assert silent["eyeBlinkLeft"] < 0.15, "but it does not stare"
    known = await in_module(module_page, "avatar/arkit.js", "(m) => [...m.SHAPES]")
    assert {name for mix in mixes for name in mix} <= set(known)
    assert len({tuple(sorted(mix.items())) for mix in mixes}) == len(VISEMES)
    assert all(0 <= weight <= 1 for mix in mixes for weight in mix.values())
    by_name = dict(zip(VISEMES, mixes, strict=True))
    assert max(by_name, key=lambda name: by_name[name].get("jawOpen", 0)) == "aa"
    assert max(by_name, key=lambda name: by_name[name].get("mouthPucker", 0)) == "U"
    assert max(by_name, key=lambda name: by_name[name].get("mouthRollLower", 0)) == "FF"
    assert max(by_name, key=lambda name: by_name[name].get("tongueOut", 0)) == "TH"
    assert by_name["PP"].get("jawOpen", 0) == 0
    assert by_name["PP"]["mouthPressLeft"] > 0.3


async def test_blink_shuts_both_eyes_and_lids_follow_the_gaze(module_page: Page) -> None:
    shut, half, down, up = await shapes(module_page, {"lids": 0}, {"lids": 0.5}, {"gazeY": 1}, {"gazeY": -1})
    assert shut["eyeBlinkLeft"] == shut["eyeBlinkRight"] == 1
    assert half["eyeBlinkLeft"] == pytest.approx(0.5, abs=0.1)
    assert down["eyeLookDownLeft"] > 0.5
    assert "eyeLookUpLeft" not in down
    assert up["eyeLookUpRight"] > 0.5


async def test_smile_is_friendly_and_never_a_leer(module_page: Page) -> None:
    smile, speaking, sad = await shapes(module_page, {"smile": 1}, {"smile": 1, "viseme": "U"}, {"smile": -0.5})
    assert 0.3 < smile["mouthSmileLeft"] < 0.75
    assert smile["cheekSquintLeft"] > 0.15, "a smile without the eyes is none"
    assert smile["mouthSmileRight"] == pytest.approx(smile["mouthSmileLeft"], rel=0.12)
    assert speaking["mouthSmileLeft"] < smile["mouthSmileLeft"]
    assert sad["mouthFrownLeft"] > 0
    assert "mouthSmileLeft" not in sad


async def test_jaw_follows_smoothly_without_ringing_and_shuts(module_page: Page) -> None:
    opening, closing, after_pause = await in_module(
        module_page,
        "avatar/inertia.js",
        """(m) => {
          const jaw = new m.Follower(0.03);
          jaw.follow(0, 0);
          const opening = [], closing = [];
          for (let frame = 1; frame <= 30; frame += 1) opening.push(jaw.follow(0.8, frame / 60));
          for (let frame = 31; frame <= 60; frame += 1) closing.push(jaw.follow(0, frame / 60));
          return [opening, closing, jaw.follow(0.5, 3600)];
        }""",
    )
    assert 0 < opening[0] < 0.4, "mass does not leap"
    assert opening[8] > 0.75, "but it arrives within a sound"
    assert max(opening) <= 0.801
    assert abs(closing[-1]) < 0.002
    assert min(closing) > -0.01
    assert 0.45 < after_pause <= 0.5


MEASURE = """(m, phases) => {
  const quality = new m.Quality();
  return phases.map(([tookMs, seconds]) => {
    let changes = 0;
    for (let ms = 0; ms < seconds * 1000; ms += tookMs) changes += quality.measure(tookMs, 38);
    return [changes, quality.level?.pixelRatio ?? null];
  });
}"""


async def test_quality_steps_down_when_frames_are_slow_to_the_portrait(module_page: Page) -> None:
    steady, slow, slower = await in_module(module_page, "avatar/quality.js", MEASURE, [[17, 5], [60, 1.8], [60, 30]])
    assert steady == [0, 2]
    assert slow == [1, 1.5]
    assert slower == [4, None]


async def test_one_slow_frame_changes_nothing_and_a_calm_while_raises_quality_again(module_page: Page) -> None:
    phases = [[17, 3], [400, 0.4], [17, 3], [60, 1.8], [17, 11], [17, 3]]
    levels = await in_module(module_page, "avatar/quality.js", MEASURE, phases)
    assert [level for _, level in levels] == [2, 2, 2, 1.5, 1.5, 2]


async def test_quality_that_does_not_hold_is_tried_less_and_less_often(module_page: Page) -> None:
    phases = [[60, 1.8], [17, 13], [60, 1.8], [17, 13], [17, 13]]
    levels = await in_module(module_page, "avatar/quality.js", MEASURE, phases)
    assert [level for _, level in levels] == [1.5, 2, 1.5, 1.5, 2]


async def test_normals_are_smooth_across_a_seam_and_turn_with_a_shape(module_page: Page) -> None:
    normals, change = await in_module(
        module_page,
        "avatar/geometry.js",
        """(m) => {
          // A roof of two squares; the ridge is doubled, as along the seam of a texture.
          const positions = Float32Array.from([-1,0,0, 0,1,0, 0,1,2, -1,0,2,  0,1,0, 1,0,0, 1,0,2, 0,1,2]);
          const indices = Uint32Array.from([0,2,1, 0,3,2, 4,7,5, 5,7,6]);
          const twins = m.weld(positions);
          const normals = m.smoothNormals(positions, indices, twins);
          const flat = positions.map((value, index) => (index % 3 === 1 ? -value : 0));
          return [[...normals], [...m.morphNormals(positions, indices, twins, normals, flat)]];
        }""",
    )
    assert normals[3:6] == pytest.approx([0, 1, 0], abs=1e-6)
    assert normals[12:15] == pytest.approx([0, 1, 0], abs=1e-6)
    assert normals[0:3] == pytest.approx([-(0.5**0.5), 0.5**0.5, 0], abs=1e-6)
    assert change[0:3] == pytest.approx([0.5**0.5, 1 - 0.5**0.5, 0], abs=1e-6)


OpenHead = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def drawing_browser() -> AsyncIterator[Browser]:
    """A Chromium whose WebGL is drawn by the processor."""
    path = chromium_path()
    if path is None or not (locate_default().folder / "three" / "three.module.min.js").is_file():
        pytest.skip("needs Chromium and `visavis models pull three`")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=SOFTWARE_GPU_FLAGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_head(drawing_browser: Browser, server: FakeSessionServer, tmp_path: Path) -> AsyncIterator[OpenHead]:
    """Opens a page with one avatar on it, whose head is the tiny one; no page may have reported an error."""
    (tmp_path / "three").symlink_to(locate_default().folder / "three")
    (tmp_path / "avatar-heads").mkdir()
    (tmp_path / "avatar-heads" / "ava.glb").write_bytes(tiny_head())
    server.models = tmp_path
    complaints: list[str] = []
    pages: list[Page] = []

    async def open_(wish: str = "?avatar=3d", persona: str = "ava", **options: Any) -> Page:
        page = await drawing_browser.new_page(**options)
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        await page.goto(f"{server.url}/static/session/avatar/life.js{wish}")
        await page.evaluate(
            """async (persona) => {
              await import('/static/session/avatar/element.js');
              window.avatar = document.createElement('visavis-avatar');
              avatar.setAttribute('persona', persona);
              avatar.style.cssText = 'width: 160px; height: 180px';
              document.body.replaceChildren(avatar);
              await avatar.live();
            }""",
            persona,
        )
        return page

    yield open_
    for page in pages:
        await page.close()
    assert [line for line in complaints if "404" not in line] == []


async def until_shown(page: Page, kind: str) -> None:
    """Wait until the avatar shows this."""
    await page.wait_for_function("(kind) => avatar.shown === kind", arg=kind, timeout=60_000)


async def test_head_is_drawn_and_clear_around(open_head: OpenHead) -> None:
    page = await open_head()
    await until_shown(page, "head")
    await page.wait_for_function("() => avatar.shadowRoot.children.length === 1", timeout=60_000)
    await page.evaluate("avatar.getAnimations({ subtree: true }).forEach((animation) => animation.finish())")
    await page.evaluate("document.body.style.margin = 0")
    picture = Image.open(io.BytesIO(await page.screenshot(omit_background=True)))
    assert picture.getpixel((80, 90))[3] == 255  # type: ignore[index]
    assert picture.getpixel((80, 4))[3] == 0  # type: ignore[index]
    size = "(({ width, height }) => [width, height])(avatar.shadowRoot.querySelector('canvas'))"
    assert await page.evaluate(size) == [180, 180]
    await page.evaluate("avatar.style.height = '90px'")
    await page.wait_for_function(f"() => String({size}) === '90,90'")


async def test_software_drawing_gets_the_portrait_unless_asked_for(open_head: OpenHead) -> None:
    page = await open_head(wish="")
    await until_shown(page, "portrait")


@pytest.mark.parametrize("persona", ["leo", "kenji"])
async def test_missing_head_leaves_the_portrait(open_head: OpenHead, persona: str) -> None:
    page = await open_head(persona=persona)
    await until_shown(page, "portrait")


async def test_damaged_head_leaves_the_portrait(open_head: OpenHead, server: FakeSessionServer) -> None:
    path = server.models / "avatar-heads" / "ava.glb"
    path.write_bytes(path.read_bytes()[:200])
    page = await open_head()
    await until_shown(page, "portrait")


async def test_lost_context_brings_the_portrait_and_comes_back_as_a_head(open_head: OpenHead) -> None:
    page = await open_head()
    await until_shown(page, "head")
    await page.evaluate(
        """() => {
          const context = avatar.shadowRoot.querySelector('canvas').getContext('webgl2');
          window.loss = context.getExtension('WEBGL_lose_context');
          loss.loseContext();
        }"""
    )
    await until_shown(page, "portrait")
    await page.evaluate("loss.restoreContext()")
    await until_shown(page, "head")
    await page.wait_for_function("() => avatar.shadowRoot.querySelectorAll('canvas').length === 1")


async def test_removed_avatar_gives_its_context_back_and_may_return(open_head: OpenHead) -> None:
    page = await open_head()
    await until_shown(page, "head")
    lost = await page.evaluate(
        """() => {
          const context = avatar.shadowRoot.querySelector('canvas').getContext('webgl2');
          avatar.remove();
          return context.isContextLost();
        }"""
    )
    assert lost is True
    assert await page.evaluate("avatar.shown") is None
    await page.evaluate("document.body.append(avatar)")
    await until_shown(page, "head")


async def test_another_persona_or_removal_while_a_head_loads_leaves_one_renderer(open_head: OpenHead) -> None:
    page = await open_head()
    await page.evaluate(
        """() => {
          avatar.setAttribute('persona', 'leo');
          avatar.remove();
          document.body.append(avatar);
          avatar.setAttribute('persona', 'ava');
        }"""
    )
    await until_shown(page, "head")
    await page.wait_for_function("() => avatar.shadowRoot.children.length === 1")


async def test_several_avatars_on_a_page_each_have_their_own_head(open_head: OpenHead) -> None:
    page = await open_head()
    await page.evaluate(
        """() => {
          window.second = avatar.cloneNode();
          document.body.append(second);
          return second.live();
        }"""
    )
    await until_shown(page, "head")
    await page.wait_for_function("() => second.shown === 'head'")


async def test_reduced_motion_shows_a_still_picture_and_loads_no_head(open_head: OpenHead) -> None:
    page = await open_head(reduced_motion="reduce")
    await page.wait_for_function(
        "() => avatar.shown === 'portrait' || avatar.shadowRoot.querySelector('img')?.complete"
    )
    loaded = await page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert await page.evaluate("avatar.shown") in ("picture", "portrait")
    assert not [name for name in loaded if name.endswith(".glb") or "/vendor/" in name]
