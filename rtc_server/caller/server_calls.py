"""The HTTP calls of a caller: those of the page (docs/protocol.md) and those of an integrator (docs/api.md)."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

TIMEOUT_SECONDS = 15.0

Json = dict[str, Any]


class CallFailed(Exception):
    """The server cannot be reached or refuses; the text is a sentence for a person."""

    def __init__(self, message: str, code: str = "unreachable", status: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        """Of the session, when it was refused because it is over (code ``session_finished``)."""


@dataclass(frozen=True, slots=True)
class Target:
    """The session to call."""

    base_url: str
    secret: str = field(repr=False)
    api_key: str = field(default="", repr=False)
    """Reads the report; empty = there is no report but what the caller heard."""


def parse_link(url: str) -> tuple[str, str]:
    """(base URL, client secret) of a session's link. Raises ValueError."""
    parts = urlsplit(url)
    secret = parse_qs(parts.query).get("cs", [""])[0]
    if parts.scheme not in ("http", "https") or not parts.netloc or not secret:
        raise ValueError("the link must look like http://host:port/?cs=…, as in clientSecret.url")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", secret


class ServerCalls:
    """Bounded HTTP calls with one bearer token. ``close`` it."""

    def __init__(self, base_url: str, token: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._client = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {token}"}, timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        )

    async def close(self) -> None:
        """End connections."""
        await self._client.close()

    # The integrator

    async def create_session(self, body: Json) -> Json:
        """A new session: ``{session, clientSecret}``."""
        return await self._call("POST", "/sessions", body)

    async def simulate(self, session_id: str, action: str) -> Json:
        """Let the sandbox walk the session."""
        return await self._call("POST", f"/sessions/{session_id}/simulate", {"action": action})

    async def mailbox(self, session_id: str) -> list[Json]:
        """What the sandbox would have sent, newest first."""
        answer = await self._call("GET", f"/sandbox/mailbox?sessionId={session_id}")
        messages: list[Json] = answer["messages"]
        return messages

    async def session(self, session_id: str) -> Json:
        """The session with its report."""
        answer: Json = (await self._call("GET", f"/sessions/{session_id}"))["session"]
        return answer

    # The page

    async def client_session(self) -> Json:
        """What the page needs before the call."""
        return await self._call("GET", "/client/session")

    async def offer(self, page_id: str, sdp: str) -> Json:
        """Join: ``{peerId, sdp}``."""
        return await self._call("POST", "/client/offer", {"pageId": page_id, "sdp": sdp, "type": "offer"})

    async def leave(self, peer_id: str) -> None:
        """End the session as its person would."""
        await self._call("POST", "/client/leave", {"peerId": peer_id})

    async def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        try:
            async with self._client.request(method, f"{self._base_url}{path}", json=body) as response:
                answer = {} if response.status == 204 else await response.json(content_type=None)
                status = response.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise CallFailed(f"{self._base_url} cannot be reached ({type(error).__name__})") from error
        if status >= 400 or not isinstance(answer, dict):
            problem = answer.get("error", {}) if isinstance(answer, dict) else {}
            message = problem.get("message") or f"status {status}"
            code, session_status = str(problem.get("code", status)), str(problem.get("status", ""))
            raise CallFailed(f"{method} {path} was refused: {message}", code, session_status)
        return answer
