"""How a test comes to the scan of a document."""

from typing import Any

from playwright.async_api import Locator, Page

from tests.fakes.session_server import FakeSessionServer
from tests.static.cameras import CAMERAS
from tests.static.ways import HURRY, join


async def show_scan(page: Page, server: FakeSessionServer, **more: object) -> None:
    """Have a document asked for in the call, on a device with two cameras."""
    await page.evaluate(CAMERAS)
    await page.evaluate(HURRY)
    await join(page, server)
    server.show_document("r1", **more)
    await page.locator(".scan").wait_for()


async def ready(page: Page, server: FakeSessionServer, **more: object) -> dict[str, Any]:
    """The same, with the camera for documents on; what the server was told of it."""
    await show_scan(page, server, **more)
    told = await server.wait_for("camera", count=2)
    await page.get_by_role("button", name="Take the picture now").wait_for()
    return told


def said(page: Page) -> Locator:
    """The one thing that is said."""
    return page.get_by_role("region", name="Your document").get_by_role("status")
