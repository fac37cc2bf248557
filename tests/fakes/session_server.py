"""A stand-in for the session server, for tests and pictures of the page: the HTTP calls of ``docs/protocol.md``, and an
aiortc peer that sends silence and whatever messages the test wants. It decides nothing by itself but answers pings."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaBlackhole
from aiortc.mediastreams import AudioStreamTrack
from aiortc.sdp import candidate_from_sdp

from rtc_server.weights.cache import locate_default

STATIC = Path(__file__).resolve().parents[2] / "static"

SECRET = "cs_test_page"

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""At least as strict as what the real server sends: no inline script or style, no other origin, no text as markup."""

HANDOFF_CODE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="29" height="29"><rect width="29" height="29" fill="#fff"/>'
    '<path d="M4 4h7v7H4zM18 4h7v7h-7zM4 18h7v7H4zM13 13h4v4h-4z"/></svg>'
)
"""Something like a QR code; the real one is drawn by the server."""

RTP_TIMESTAMP = "_RTCRtpSender__rtp_timestamp"


@dataclass(frozen=True, slots=True)
class DocumentPicture:
    """What came by ``POST /client/documents/{request_id}``."""

    request_id: str
    number: int | None
    content_type: str
    content: bytes


class FakeSessionServer:
    """Serves the page on a free loopback port; what it is asked lands in lists, what it answers can be set."""

    def __init__(self) -> None:
        self.opening: dict[str, Any] = {
            "session": {"id": "session-1", "status": "created", "language": "en"},
            "avatar": {"id": "avatar-1", "name": "Ava", "persona": "ava"},
            "customization": {},
            "iceServers": [],
            "heartbeatMs": 200,
            "captions": True,
            "expiresAt": 1_900_000_000_000,
        }
        self.refusal: tuple[int, dict[str, Any], dict[str, str]] | None = None
        """(status, error, headers) for GET /client/session and for offers, instead of a proper answer."""
        self.requests: list[str] = []
        self.offers: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.pictures: list[DocumentPicture] = []
        self.picture_answers: list[tuple[int, str]] = []
        """(status, error code) for the next pictures of documents; 202 when there is none."""
        self.consents: list[dict[str, Any]] = []
        self.preflight: dict[str, Any] | None = None
        """What the measuring peer finds; None = this server does not measure."""
        self.left = asyncio.Event()
        self.answers_pings = True
        self.models: Path = locate_default().folder
        """Where heads and their renderer lie, if they were pulled."""
        self._peers: list[RTCPeerConnection] = []
        self._channel: RTCDataChannel | None = None
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[_harden], client_max_size=20_000_000)
        app.router.add_get("/", self._page)
        app.router.add_get("/demo", self._demo)
        app.router.add_static("/static", STATIC)
        app.router.add_get("/personas/{file}", self._pulled)
        app.router.add_get("/vendor/{file}", self._pulled)
        app.router.add_get("/client/session", self._session)
        app.router.add_post("/client/offer", self._offer)
        app.router.add_post("/client/candidates", self._candidates)
        app.router.add_post("/client/leave", self._leave)
        app.router.add_post("/client/consent", self._consent)
        app.router.add_post("/client/preflight", self._preflight)
        app.router.add_get("/client/handoff.svg", self._handoff)
        app.router.add_post("/client/documents/{request_id}", self._document_picture)
        app.router.add_get("/favicon.ico", _no_content)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for peer in self._peers:
            await peer.close()
        await self._runner.cleanup()

    @property
    def page_url(self) -> str:
        """Address of the session page, with its secret."""
        return f"{self.url}/?cs={SECRET}"

    @property
    def channel(self) -> RTCDataChannel:
        """The data channel that was opened last."""
        assert self._channel is not None, "the page has not opened the data channel"
        return self._channel

    def send(self, message_type: str, **fields: Any) -> None:
        """Send a message to the page, whose channel must be open."""
        self.channel.send(json.dumps({"type": message_type, **fields}))

    def ask_input(self, request_id: str, kind: str, **more: Any) -> None:
        """Ask the page for a field; ``more`` are fields of ``askInput`` that differ from the usual ones."""
        usual = {"value": "", "sentTo": "", "codeLength": 6 if kind == "code" else 0, "resendAfterMs": -1}
        self.send("askInput", requestId=request_id, kind=kind, **usual | more)

    def show_check(self, request_id: str, **more: Any) -> None:
        """Show a check of the face; ``more`` are fields of ``showCheck`` that differ from the usual ones."""
        usual = {"purpose": "liveness", "instructions": "", "sound": False, "haptics": False, "cancellable": True}
        self.send("showCheck", requestId=request_id, **usual | more)

    def show_document(self, request_id: str, **more: Any) -> None:
        """Show the scan of a document; ``more`` are fields of ``showDocument`` that differ from the usual ones."""
        buttons = {"torchButton": True, "switchButton": True, "mirrorButton": True, "upload": True}
        usual = {"side": 0, "step": "show_front", "problem": "", "types": ["any"]} | buttons
        self.send("showDocument", requestId=request_id, **usual | more)

    async def picture(self, count: int = 1, timeout: float = 10.0) -> DocumentPicture:
        """The ``count``-th picture of a document that came from the page, counted from the start."""
        async with asyncio.timeout(timeout), self._news:
            await self._news.wait_for(lambda: len(self.pictures) >= count)
        return self.pictures[count - 1]

    async def drop(self) -> None:
        """Go away as a crashed host does: the peer is gone, nothing says goodbye."""
        self.answers_pings = False
        self._channel = None

    async def playing_rtp(self, timeout: float = 10.0) -> int:
        """RTP timestamp of the newest audio packet that went to the page (aiortc keeps it for its sender reports)."""
        sender = self._peers[-1].getSenders()[0]
        async with asyncio.timeout(timeout):
            # aiortc has neither a public name for the timestamp nor an event for the first packet.
            while not (rtp := int(getattr(sender, RTP_TIMESTAMP))):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return rtp

    async def wait_for(self, message_type: str, count: int = 1, timeout: float = 10.0) -> dict[str, Any]:
        """The ``count``-th message of this type from the page, counted from the start."""

        def found() -> list[dict[str, Any]]:
            return [message for message in self.messages if message["type"] == message_type]

        async with asyncio.timeout(timeout), self._news:
            await self._news.wait_for(lambda: len(found()) >= count)
        return found()[count - 1]

    async def _page(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "session" / "index.html")

    async def _demo(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "demo" / "index.html")

    async def _pulled(self, request: web.Request) -> web.FileResponse:
        artefact = "avatar-heads" if request.path.startswith("/personas/") else "three"
        path = self.models / artefact / request.match_info["file"]
        if not path.is_file():
            raise web.HTTPNotFound()
        return web.FileResponse(path)

    async def _session(self, request: web.Request) -> web.Response:
        return self._refused() or self._unauthorised(request) or web.json_response(self.opening)

    async def _offer(self, request: web.Request) -> web.Response:
        refused = self._refused() or self._unauthorised(request)
        if refused is not None:
            return refused
        offer = await request.json()
        self.offers.append(offer)
        self.answers_pings = True
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peers.append(peer)
        sink = MediaBlackhole()
        peer.on("track", sink.addTrack)
        peer.on("datachannel", self._opened)
        await peer.setRemoteDescription(RTCSessionDescription(offer["sdp"], offer["type"]))
        peer.addTrack(AudioStreamTrack())
        answer = await peer.createAnswer()
        await peer.setLocalDescription(answer)
        await sink.start()
        local = peer.localDescription
        return web.json_response({"peerId": f"peer-{len(self.offers)}", "sdp": local.sdp, "type": local.type})

    def _opened(self, channel: RTCDataChannel) -> None:
        self._channel = channel
        channel.on("message", self._received)
        self.send(
            "hello", sessionId="session-1", rejoined=len(self.offers) > 1, heartbeatMs=self.opening["heartbeatMs"]
        )

    def _received(self, data: str) -> None:
        message = json.loads(data)
        if message["type"] == "ping":
            if self.answers_pings:
                self.send("pong", atMs=message["atMs"])
            return
        self.messages.append(message)
        task = asyncio.ensure_future(self._announce())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _announce(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _candidates(self, request: web.Request) -> web.Response:
        body = await request.json()
        for entry in body["candidates"]:
            candidate = candidate_from_sdp(entry["candidate"].removeprefix("candidate:"))
            candidate.sdpMid = entry["sdpMid"]
            candidate.sdpMLineIndex = entry["sdpMLineIndex"]
            await self._peers[-1].addIceCandidate(candidate)
        return web.Response(status=204)

    async def _document_picture(self, request: web.Request) -> web.Response:
        if (refused := self._unauthorised(request)) is not None:
            return refused
        number = request.query.get("number")
        content = await request.read()
        self.pictures.append(
            DocumentPicture(
                request.match_info["request_id"], None if number is None else int(number), request.content_type, content
            )
        )
        await self._announce()
        status, code = self.picture_answers.pop(0) if self.picture_answers else (202, "")
        return web.json_response({"error": {"code": code}} if code else {}, status=status)

    async def _consent(self, request: web.Request) -> web.Response:
        if (refused := self._unauthorised(request)) is not None:
            return refused
        self.consents.append(await request.json())
        await self._announce()
        return web.Response(status=204)

    async def _handoff(self, request: web.Request) -> web.Response:
        return self._unauthorised(request) or web.Response(text=HANDOFF_CODE, content_type="image/svg+xml")

    async def _preflight(self, request: web.Request) -> web.Response:
        if (refused := self._unauthorised(request)) is not None:
            return refused
        if self.preflight is None:
            return web.json_response({"error": {"code": "not_found"}}, status=404)
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peers.insert(0, peer)  # The last one is the call's.
        result = json.dumps(self.preflight)
        peer.on("datachannel", lambda channel: channel.send(result))
        await peer.setRemoteDescription(RTCSessionDescription((await request.json())["sdp"], "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return web.json_response({"sdp": peer.localDescription.sdp, "type": "answer"})

    async def _leave(self, request: web.Request) -> web.Response:
        self.left.set()
        return web.Response(status=204)

    def _refused(self) -> web.Response | None:
        if self.refusal is None:
            return None
        status, error, headers = self.refusal
        return web.json_response({"error": error}, status=status, headers=headers)

    def _unauthorised(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") == f"Bearer {SECRET}":
            return None
        error = {"type": "invalid_request_error", "code": "client_secret_unknown", "message": "No such client secret."}
        return web.json_response({"error": error}, status=404)


@web.middleware
async def _harden(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    response = await handler(request)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    if request.path.startswith("/static/widget/"):
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


async def _no_content(request: web.Request) -> web.Response:
    return web.Response(status=204)
