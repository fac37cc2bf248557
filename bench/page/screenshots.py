"""Render every screen of the session page, on a phone and a desktop, light and dark.

python -m bench.page.screenshots [--only welcome,call] [--out bench/out/page]
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from tests.fakes.session_server import FakeSessionServer
from tests.static.browser import LAUNCH_FLAGS, chromium_path

SIZES = {"desktop": (1280, 800), "phone": (390, 844), "landscape": (844, 390)}
USUAL_SIZES = "desktop,phone"
SCHEMES = ("light", "dark")

POSE = """async () => {
  const picture = new Image();
  picture.src = "/static/session/avatar/portraits/leo.webp";
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const brush = canvas.getContext("2d");
  const draw = () => {
    brush.fillStyle = "#b9a58f";
    brush.fillRect(0, 0, 640, 480);
    brush.drawImage(picture, 80, 0, 480, 480);
  };
  setInterval(draw, 66);
  draw();
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async ({ audio }) => {
    const opened = await real({ audio });
    canvas.captureStream(15).getVideoTracks().forEach((track) => opened.addTrack(track));
    return opened;
  };
}"""
"""Put a drawn person before the camera instead of the browser's green test picture."""

Shoot = Callable[[Page, FakeSessionServer], Awaitable[None]]


async def begin(page: Page, server: FakeSessionServer) -> None:
    """Up to the device check."""
    await page.get_by_role("button", name="Continue", exact=True).click()
    await page.get_by_role("button", name="Start the conversation").wait_for()
    await page.wait_for_timeout(500)


async def join(page: Page, server: FakeSessionServer) -> None:
    """Into the call, with a few lines said."""
    await begin(page, server)
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone")
    name = server.opening["avatar"]["name"]
    lines = [
        ("avatar", f"Hi, I'm {name}, the digital assistant of Northgate Bank. May I have your full name?"),
        ("user", "Maya Lindqvist."),
        (
            "avatar",
            "Thank you, Maya. There is a payment of $250 to Brightside Garden Supplies. Do you want to send it?",
        ),
        ("user", "Yes, please send it."),
        ("avatar", "Is anyone telling you to make this payment?"),
    ]
    for index, (speaker, text) in enumerate(lines):
        server.send("caption", id=str(index), speaker=speaker, text=text, final=True, typed=index == 3)
    server.send("state", state="listening")
    await page.get_by_role("status").filter(has_text="Listening").wait_for()
    await page.wait_for_timeout(700)


async def speak(page: Page, server: FakeSessionServer) -> None:
    """In the call, mid-sentence."""
    await join(page, server)
    server.send("state", state="speaking")
    shapes = ("aa", "E", "DD", "O", "SS", "I")
    visemes = [[at, shapes[at // 150 % len(shapes)], 1.0] for at in range(0, 6000, 150)]
    rtp = await server.playing_rtp()
    server.send("speech", utteranceId="u1", text="…", rtpTimestamp=rtp, durationMs=6000, visemes=visemes)
    await page.wait_for_timeout(1700)


async def think(page: Page, server: FakeSessionServer) -> None:
    """In the call, the avatar thinking, the user's words as the caption."""
    await join(page, server)
    server.send("caption", id="9", speaker="user", text="No, nobody. I ordered a shed.", final=True)
    server.send("state", state="thinking")
    await page.wait_for_timeout(1300)


def asks(kind: str, **more: Any) -> Shoot:
    """A field of this kind, asked for in the call."""

    async def shoot_field(page: Page, server: FakeSessionServer) -> None:
        await join(page, server)
        server.ask_input("r1", kind, **more)
        server.send("state", state="waiting")
        await page.locator("#wanted").wait_for()
        await page.wait_for_timeout(600)

    return shoot_field


async def refuse_code(page: Page, server: FakeSessionServer) -> None:
    """A code that was wrong; the button for another is usable."""
    await asks("code", sentTo="m•••@example.org", codeLength=6, resendAfterMs=0)(page, server)
    await page.locator("#wanted").fill("123456")
    await server.wait_for("input")
    server.send("inputRefused", requestId="r1", problem="wrong_code", attemptsLeft=2)
    await page.get_by_role("alert").filter(has_text="not the code").wait_for()
    await page.wait_for_timeout(600)


async def ask_devices(page: Page, server: FakeSessionServer) -> None:
    """The flow asks for microphone and camera in the call."""
    await page.evaluate("navigator.permissions.query = async () => ({ state: 'prompt' })")
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone")
    text = "To help you in person I would like to hear and see you. May I?"
    server.send("caption", id="1", speaker="avatar", text=text, final=True)
    server.send("askPermissions", requestId="r1", microphone=True, camera=True)
    server.send("state", state="waiting")
    await page.get_by_role("heading", name="May Ava hear and see you?").wait_for()
    await page.wait_for_timeout(900)


def checks(*messages: tuple[str, dict[str, Any]], purpose: str = "liveness", wait_ms: int = 1100) -> Shoot:
    """A check of the face, after these messages."""

    async def shoot_check(page: Page, server: FakeSessionServer) -> None:
        await page.evaluate(POSE)
        await join(page, server)
        text = "Now I would like to make sure that it is really you. Please look at your camera."
        server.send("caption", id="1", speaker="avatar", text=text, final=True)
        server.show_check("r1", purpose=purpose)
        for message_type, fields in messages:
            server.send(message_type, requestId="r1", **fields)
        await page.wait_for_timeout(wait_ms)

    return shoot_check


def challenge(kind: str, phrase: str = "") -> Shoot:
    """The second of three challenges, in a check that is half done."""
    fields = {"index": 1, "count": 3, "kind": kind, "phrase": phrase, "limitMs": 8_000}
    return checks(("checkProgress", {"fraction": 0.45}), ("checkChallenge", fields))


async def scan(page: Page, server: FakeSessionServer) -> None:
    """A document is asked for."""
    await join(page, server)
    server.show_document("r1")
    await page.wait_for_timeout(900)


async def shine(page: Page, server: FakeSessionServer) -> None:
    """Coloured light, allowed by the person."""
    await checks(("showFlash", {"colours": ["#00c2ff"], "symbolMs": 12_000}))(page, server)
    await page.get_by_role("button", name="Show it").click()
    await page.wait_for_timeout(400)


async def offer_typing(page: Page, server: FakeSessionServer) -> None:
    """In the call, typing offered, transcript toggled."""
    await join(page, server)
    await page.get_by_role("button", name="transcript", exact=False).last.click()
    server.send("offerTyping")
    await page.wait_for_timeout(500)


async def leave(page: Page, server: FakeSessionServer) -> None:
    """The question before leaving."""
    await join(page, server)
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(300)


async def reconnect(page: Page, server: FakeSessionServer) -> None:
    """The connection is gone and does not come back yet."""
    await join(page, server)
    server.refusal = (500, {"code": "internal"}, {})
    await server.drop()
    await page.get_by_text("Reconnecting").first.wait_for()
    await page.wait_for_timeout(1500)


async def finish(page: Page, server: FakeSessionServer) -> None:
    """The end of a complete session."""
    await join(page, server)
    server.send("finished", status="complete", reason="end")
    await page.get_by_text("All done").wait_for()


async def deny(page: Page, server: FakeSessionServer) -> None:
    """Microphone refused."""
    await page.evaluate(
        """() => {
            navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); };
        }"""
    )
    await page.get_by_role("button", name="Continue", exact=True).click()
    await page.get_by_role("alert").wait_for()


async def settings(page: Page, server: FakeSessionServer) -> None:
    """The sheet of settings in the call."""
    await join(page, server)
    await page.get_by_role("button", name="Settings", exact=True).click()
    await page.wait_for_timeout(500)


async def handoff(page: Page, server: FakeSessionServer) -> None:
    """The code for a phone."""
    await page.get_by_role("button", name="Continue on your phone").click()
    await page.wait_for_timeout(700)


async def record(page: Page, server: FakeSessionServer) -> None:
    """In the call, which is recorded."""
    await join(page, server)
    server.send("recording", state="on")
    await page.get_by_role("button", name="Recording", exact=True).wait_for()


async def stop_recording(page: Page, server: FakeSessionServer) -> None:
    """The question before the recording is erased."""
    await record(page, server)
    await page.get_by_role("button", name="Recording", exact=True).click()
    await page.wait_for_timeout(300)


async def nothing(page: Page, server: FakeSessionServer) -> None:
    """As it loads."""
    await page.wait_for_timeout(400)


SCREENS: dict[str, Shoot] = {
    "welcome": nothing, "denied": deny, "ready": begin, "call": join, "speaking": speak, "thinking": think,
    "email": asks("email", value=""), "phone": asks("phone", value="+46 70 174 06 05"),
    "code": asks("code", sentTo="m•••@example.org", codeLength=6, resendAfterMs=24_000), "wrong-code": refuse_code,
    "check": checks(), "check-hint": checks(("checkHint", {"key": "left"})),
    "check-light": checks(("checkHint", {"key": "backlight"})),
    "check-steady": checks(("checkProgress", {"fraction": 0.3}), ("checkHint", {"key": "steady"})),
    "check-turn": challenge("turn_left"), "check-blink": challenge("blink"), "check-smile": challenge("smile"),
    "check-closer": challenge("closer"), "check-read": challenge("read", "seven green apples"),
    "check-good": checks(
        ("checkProgress", {"fraction": 0.6}), ("checkChallengeEnded", {"index": 0, "passed": True}), wait_ms=400
    ),
    "check-done": checks(("checkProgress", {"fraction": 1}), ("closeCheck", {"result": "passed"}), wait_ms=400),
    "check-unclear": checks(("checkProgress", {"fraction": 0.8}), ("closeCheck", {"result": "unclear"}), wait_ms=400),
    "document": scan, "flash": shine, "check-portrait": checks(purpose="portrait"),
    "flash-question": checks(("showFlash", {"colours": ["#ff0000", "#00ff00"], "symbolMs": 400})),
    "devices": ask_devices, "welcome-later": nothing,
    "typing": offer_typing, "leave": leave, "reconnecting": reconnect, "ended": finish, "busy": nothing,
    "expired": nothing, "leo": join, "demo": nothing, "settings": settings, "handoff": handoff,
    "welcome-recording": nothing, "recording": record, "stop-recording": stop_recording,
}  # fmt: skip


def prepare(name: str, server: FakeSessionServer) -> None:
    """What the server answers for a screen."""
    if name == "busy":
        server.refusal = (503, {"code": "busy"}, {"Retry-After": "25"})
    if name == "expired":
        server.refusal = (410, {"code": "client_secret_expired"}, {})
    if name == "leo":
        server.opening["avatar"] = {"id": "avatar-2", "name": "Leo", "persona": "leo"}
    if name == "welcome-recording":
        server.opening["recording"] = ["userVideo", "userAudio", "avatarAudio"]
    if name in ("devices", "welcome-later"):
        server.opening["asksPermissions"] = True


async def shoot(
    browser: Browser,
    name: str,
    size: str,
    scheme: Any,
    folder: Path,
    *,
    contrast: Any = None,
    camera: bool = True,
    right_to_left: bool = False,
) -> None:
    """One picture."""
    width, height = SIZES[size]
    async with FakeSessionServer() as server:
        prepare(name, server)
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            contrast=contrast,
            device_scale_factor=1,
            permissions=["microphone", "camera"] if camera else ["microphone"],
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: print(f"{name}: {error}", file=sys.stderr))
        address = f"{server.url}/demo" if name == "demo" else server.page_url
        await page.goto(f"{address}&dir=rtl" if right_to_left else address)
        await SCREENS[name](page, server)
        marks = ("-contrast" if contrast else "") + ("-rtl" if right_to_left else "")
        await page.screenshot(path=folder / f"{name}-{size}-{scheme}{marks}.png")
        await context.close()


async def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(SCREENS), help="screens, with commas between them")
    parser.add_argument("--sizes", default=USUAL_SIZES, help=f"of {', '.join(SIZES)}")
    parser.add_argument("--schemes", default=",".join(SCHEMES))
    parser.add_argument("--contrast", action="store_true", help="with prefers-contrast: more")
    parser.add_argument("--rtl", action="store_true", help="laid out from the right")
    parser.add_argument("--out", type=Path, default=Path("bench/out/page"))
    parser.add_argument("--no-camera", action="store_true", help="without the browser's green test picture")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=LAUNCH_FLAGS)
        for name in arguments.only.split(","):
            for size in arguments.sizes.split(","):
                for scheme in arguments.schemes.split(","):
                    contrast = "more" if arguments.contrast else None
                    await shoot(
                        browser, name, size, scheme, arguments.out, contrast=contrast,
                        camera=not arguments.no_camera, right_to_left=arguments.rtl,
                    )  # fmt: skip
        await browser.close()
    print(f"pictures in {arguments.out}")


if __name__ == "__main__":
    asyncio.run(main())
