"""The link as a QR code: what a phone's camera would read from it."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import zxingcpp

from rtc_server.api.resources.client_handoff import qr_code
from tests.api.conftest import Edge

SVG = "{http://www.w3.org/2000/svg}"
PIXELS = 4


def read(svg: str) -> str:
    """What a reader sees in the picture: its white ground, and black boxes drawn as ``M x y h width v height``."""
    root = ElementTree.fromstring(svg)
    side = int(root.attrib["width"])
    image = np.full((side, side), 255, np.uint8)
    path = next(root.iter(f"{SVG}path")).attrib["d"]
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)", path):
        image[int(y) : int(y) + int(height), int(x) : int(x) + int(width)] = 0
    (found,) = zxingcpp.read_barcodes(np.kron(image, np.ones((PIXELS, PIXELS), np.uint8)))
    text: str = found.text
    return text


async def test_the_code_opens_the_session_elsewhere(edge: Edge) -> None:
    created = await edge.create()
    secret = created["clientSecret"]["secret"]
    response = await edge.call("GET", "/client/handoff.svg", key=secret)
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("image/svg+xml")
    assert response.headers["Cache-Control"] == "no-store"
    assert read(await response.text()) == f"https://verify.example.org/?cs={secret}"


async def test_it_is_only_for_links_that_open_something(edge: Edge) -> None:
    created = await edge.create()
    secret = created["clientSecret"]["secret"]
    await edge.error(await edge.call("GET", "/client/handoff.svg", key="cs" + "0" * 32), 404, "client_secret_unknown")
    edge.clock[0] += 7_200_000
    await edge.error(await edge.call("GET", "/client/handoff.svg", key=secret), 410, "client_secret_expired")
    await edge.stores.sessions.update_session(created["session"]["id"], status="incomplete", reason="expired")
    await edge.error(await edge.call("GET", "/client/handoff.svg", key=secret), 409, "session_finished")


def test_long_addresses_fit() -> None:
    link = f"https://{'a' * 60}.{'b' * 60}.example.org/verify/?cs={'0' * 34}"
    assert read(qr_code(link)) == link
