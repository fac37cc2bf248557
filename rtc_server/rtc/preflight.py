"""Measures a page's connection before the call, by a short-lived peer of its own that carries one data channel.

The page offers a channel named ``preflight``. Once it is open the server times a few connectivity checks, sends data
for a second and a half, and says what came of it: ``{roundTripMs, kilobitsPerSecond, transport}``. What the page writes
comes back to it. The peer ends after ten seconds, whatever happens.
"""

import asyncio
import json
import logging
import statistics
from collections import Counter
from typing import Any

from aiortc import RTCDataChannel, RTCPeerConnection

from rtc_server.api.ports import CallError
from rtc_server.observe.failures import log_failure
from rtc_server.rtc import seams
from rtc_server.rtc.connecting import answer_offer, close_connection, new_connection
from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.ports import PeerPolicy
from rtc_server.rtc.sdp import check_data_offer, without_hidden_candidates

CHANNEL_LABEL = "preflight"
LIFE_SECONDS = 10.0
"""From the answer to the end."""
MAX_AT_ONCE = 4
"""Measurements of all sessions together; each takes part of a core from the calls for a second or two."""
MAX_OF_SESSION = 2

CHECKS = 5
CHECK_PAUSE_SECONDS = 0.05
SENDING_SECONDS = 1.5
MOST_KILOBITS_PER_SECOND = 4_000
"""No more is sent: a call needs less than half of it, and encryption is work."""
MESSAGE = bytes(8_000)
MAX_UNSENT_BYTES = 4 * len(MESSAGE)
MAX_ECHOES = 50
MAX_ECHO_CHARACTERS = 256

_TICK_SECONDS = 0.02

logger = logging.getLogger(__name__)


class Preflights:
    """The measurements of a process; implements the HTTP edge's ``Preflights``."""

    def __init__(self, policy: PeerPolicy) -> None:
        self._policy = policy
        self._held: Counter[str] = Counter()
        """Session → its measurements under way."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(self, session_id: str, offer: str) -> str:
        """Begin to measure; the SDP answer. Raises CallError: 400 for the offer, 429 and 503 when it is too much."""
        if self._held.total() >= MAX_AT_ONCE or self._held[session_id] >= MAX_OF_SESSION:
            message = "Too many connections are being measured just now; try again in a moment."
            raise CallError("rate_limit_exceeded", message, 429, LIFE_SECONDS)
        self._held[session_id] += 1
        preflight = Preflight(self._policy)
        try:
            answer = await preflight.answer(offer)
        except BaseException as error:
            await preflight.close()
            self._release(session_id)
            if isinstance(error, PeerError):
                raise _call_error(error) from error
            raise
        task = asyncio.create_task(preflight.run(), name="preflight")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: self._release(session_id))
        return answer

    @property
    def running(self) -> int:
        """Measurements under way."""
        return self._held.total()

    async def close(self) -> None:
        """End all of them."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _release(self, session_id: str) -> None:
        self._held -= Counter([session_id])  # which forgets a session that holds none


class Preflight:
    """One measurement: ``answer``, then ``run``, which closes it."""

    def __init__(self, policy: PeerPolicy) -> None:
        self._policy = policy
        self._connection: RTCPeerConnection = new_connection(policy)
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[RTCDataChannel] = self._loop.create_future()
        self._ended = asyncio.Event()
        self._echoes = 0

    async def answer(self, offer: str) -> str:
        """Take the page's offer. Raises PeerError."""
        check_data_offer(offer)
        self._connection.on("datachannel", self._on_channel)
        self._connection.on("connectionstatechange", self._on_state)
        return await answer_offer(self._connection, self._policy, without_hidden_candidates(offer))

    async def run(self) -> None:
        """Measure, tell, and wait for the page to close; never longer than ``LIFE_SECONDS``."""
        try:
            async with asyncio.timeout(LIFE_SECONDS):
                channel = await self._opened
                result = await self._measure(channel)
                if result is not None and channel.readyState == "open":
                    channel.send(json.dumps(result))
                await self._ended.wait()
        except TimeoutError:
            pass
        except Exception as error:
            log_failure(logger, "preflight", error)
        finally:
            await self.close()

    async def close(self) -> None:
        """End it; may be called again."""
        await close_connection(self._connection)

    def _on_channel(self, channel: RTCDataChannel) -> None:
        if channel.label != CHANNEL_LABEL or self._opened.done():
            channel.close()
            return
        channel.on("message", lambda data: self._echo(channel, data))
        channel.on("close", self._ended.set)
        self._opened.set_result(channel)

    def _on_state(self) -> None:
        if self._connection.connectionState in ("failed", "closed"):
            self._ended.set()

    def _echo(self, channel: RTCDataChannel, data: str | bytes) -> None:
        self._echoes += 1
        small = isinstance(data, str) and len(data) <= MAX_ECHO_CHARACTERS
        if small and self._echoes <= MAX_ECHOES and channel.readyState == "open":
            channel.send(data)

    async def _measure(self, channel: RTCDataChannel) -> dict[str, Any] | None:
        """What is sent to the page; None when not one check was answered."""
        round_trips = []
        for _ in range(CHECKS):
            seconds = await seams.round_trip_seconds(self._connection)
            round_trips += [seconds] if seconds is not None else []
            await asyncio.sleep(CHECK_PAUSE_SECONDS)
        if not round_trips:
            return None
        kilobits_per_second = await self._weigh(channel)
        return {
            "roundTripMs": round(1000 * statistics.median(round_trips), 1),
            "kilobitsPerSecond": round(kilobits_per_second),
            "transport": "relay" if seams.relayed(self._connection) else "udp",
        }

    async def _weigh(self, channel: RTCDataChannel) -> float:
        """Send for a while, never much more than the connection takes; kilobits a second that are known to be there."""
        sent_bytes, started_at = 0, self._loop.time()
        while (seconds := self._loop.time() - started_at) < SENDING_SECONDS and not self._ended.is_set():
            due_bytes = seconds * MOST_KILOBITS_PER_SECOND * 1000 / 8
            while sent_bytes < due_bytes and channel.bufferedAmount < MAX_UNSENT_BYTES and channel.readyState == "open":
                channel.send(MESSAGE)
                sent_bytes += len(MESSAGE)
            await asyncio.sleep(_TICK_SECONDS)
        arrived_bytes = max(0, sent_bytes - seams.unacknowledged_bytes(self._connection, channel))
        return arrived_bytes * 8 / 1000 / max(seconds, _TICK_SECONDS)


def _call_error(error: PeerError) -> CallError:
    """What the page is told: its own mistake (400), or no port or no relay just now (503)."""
    if error.code in ("busy", "relay_unavailable"):
        return CallError(error.code, str(error), 503, LIFE_SECONDS)
    return CallError(error.code, str(error), 400)
