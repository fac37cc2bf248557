"""One onlooker of a call: the person's camera and voice and the avatar's voice go out, the onlooker's voice comes in.

Nothing is decoded and nothing is encoded: what the hub hands on is packed into RTP again, what comes in stays Opus.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from aiortc import RTCRtpSender
from aiortc.rtp import RtpPacket

from rtc_server.observe.failures import log_failure
from rtc_server.rtc import seams
from rtc_server.rtc.connecting import answer_offer, close_connection, new_connection
from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.forwarded import ForwardedAudio, ForwardedVideo
from rtc_server.rtc.hub import AudioPacket, EncodedFrame, MediaHub, Subscriber, VideoCodec
from rtc_server.rtc.ports import PeerPolicy, PeerState, ViewerStatistics
from rtc_server.rtc.sdp import check_viewer_offer, without_hidden_candidates
from rtc_server.rtc.voice_in import VoiceIn

CONNECT_SECONDS = 15.0
"""From the answer to the connection; a page that needs longer starts again."""
SILENT_SECONDS = 3.0
"""Without a packet from the page for this long, it is asked by connectivity checks."""
UNANSWERED_CHECKS = 3
"""So many in a row, one a second, and the page is taken for gone."""

_WATCH_SECONDS = 1.0
_OWN_PACKETS = 32

logger = logging.getLogger(__name__)


class Viewer:
    """A peer connection to an agent's page, made from one offer. It lives on the event loop.

    ``on_state`` hears where it stands; one that is LOST is to be closed. ``on_voice`` gets the Opus packets of the
    agent's microphone, in order; what of them comes back as the avatar's audio is not sent to this viewer. Without
    audio there is only the camera to see. Raises ValueError for an ICE server address that is none.
    """

    def __init__(
        self,
        policy: PeerPolicy,
        hub: MediaHub,
        *,
        on_state: Callable[[PeerState], None],
        on_voice: Callable[[bytes], None],
        with_audio: bool = True,
    ) -> None:
        self._policy = policy
        self._hub = hub
        self._on_state = on_state
        self._on_voice = on_voice
        self._with_audio = with_audio
        self._loop = asyncio.get_running_loop()
        self._connection = new_connection(policy)
        self._video = ForwardedVideo(hub.request_key_frame)
        self._user = ForwardedAudio()
        self._avatar = ForwardedAudio()
        self._voice = VoiceIn(self._voice_came)
        self._own: deque[bytes] = deque(maxlen=_OWN_PACKETS)
        self._state = PeerState.CONNECTING
        self._unsubscribe: Callable[[], None] = lambda: None
        self._watching: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @property
    def state(self) -> PeerState:
        """Where it stands."""
        return self._state

    @property
    def statistics(self) -> ViewerStatistics:
        """What was sent and taken since the start."""
        return ViewerStatistics(
            frames_sent=self._video.sent,
            frames_dropped=self._video.dropped,
            user_packets=self._user.sent,
            avatar_packets=self._avatar.sent,
            voice_packets=self._voice.payloads,
        )

    # Signalling

    async def answer(self, offer_sdp: str) -> str:
        """Take the offer of an agent's page and answer it; both hold all candidates. Once per viewer.

        Raises PeerError with code ``invalid_sdp``, naming what is wrong; ``busy`` when no UDP port of the range is
        free; ``relay_unavailable`` when only relays are allowed and the TURN server gives none.
        """
        if self._watching is not None:
            raise RuntimeError("a viewer answers one offer; make a new one for the next")
        wanted = self._hub.video_codec
        check_viewer_offer(offer_sdp, video_codec=wanted or VideoCodec.VP8)
        self._add_tracks(list(VideoCodec) if wanted is None else [wanted])
        self._connection.on("connectionstatechange", self._connection_changed)
        try:
            answer = await answer_offer(self._connection, self._policy, without_hidden_candidates(offer_sdp))
        except PeerError:
            await self.close()
            raise
        agreed = seams.first_video_codec(self._connection)
        self._video.codec = VideoCodec(agreed) if agreed is not None else None
        self._watching = asyncio.create_task(self._watch(), name="viewer")
        return answer

    def _add_tracks(self, codecs: list[VideoCodec]) -> None:
        """In the order of the offer's sections: microphone and the person's voice, the avatar's voice, the camera."""
        opus = [c for c in RTCRtpSender.getCapabilities("audio").codecs if c.mimeType.lower() == "audio/opus"]
        voices = self._connection.addTransceiver(self._user, direction="sendrecv")
        avatar = self._connection.addTransceiver(self._avatar, direction="sendonly")
        for transceiver in (voices, avatar):
            transceiver.setCodecPreferences(opus)
        camera = self._connection.addTransceiver(self._video, direction="sendonly")
        names = [*(f"video/{codec}" for codec in codecs), "video/rtx"]
        known = RTCRtpSender.getCapabilities("video").codecs
        camera.setCodecPreferences([c for name in names for c in known if c.mimeType == name])
        seams.tap_audio(voices.receiver, self._on_packet)
        seams.on_key_frame_request(camera.sender, self._hub.request_key_frame)

    # Media

    def _on_packet(self, packet: RtpPacket) -> None:
        if self._with_audio and self._state is PeerState.CONNECTED:
            self._voice.receive(packet.ssrc, packet.sequence_number, packet.timestamp, packet.payload)

    def _voice_came(self, payload: bytes) -> None:
        self._own.append(payload)
        try:
            self._on_voice(payload)
        except Exception as error:  # aiortc's receiving loop must not end unseen
            log_failure(logger, "viewer voice", error)
            self._move(PeerState.LOST)

    def _show_frame(self, frame: EncodedFrame) -> None:
        self._video.put(frame)
        if frame.codec is not self._video.codec:
            logger.info("the person's camera sends another codec now; the viewer has to ask anew")
            self._move(PeerState.LOST)

    def _say_avatar(self, packet: AudioPacket) -> None:
        # The voice of this very agent on its way to the person: nobody wants to hear themselves a moment later.
        if packet.payload not in self._own:
            self._avatar.put(packet)

    def _subscribe(self) -> None:
        subscriber = Subscriber(video=self._show_frame, interrupted=self._video.interrupted)
        if self._with_audio:
            subscriber = replace(subscriber, user_audio=self._user.put, avatar_audio=self._say_avatar)
        self._unsubscribe = self._hub.subscribe(subscriber)
        self._hub.request_key_frame()

    # Alive or not

    def _connection_changed(self) -> None:
        state = self._connection.connectionState
        if state == "connected" and self._state is PeerState.CONNECTING and self._closing is None:
            self._subscribe()
            self._move(PeerState.CONNECTED)
        elif state in ("failed", "closed"):
            self._move(PeerState.LOST)

    async def _watch(self) -> None:
        try:
            await self._gone()
        except Exception as error:
            log_failure(logger, "viewer", error)
        self._move(PeerState.LOST)

    async def _gone(self) -> None:
        """Wait until the page has not come in time, or answers no more."""
        connect_by = self._loop.time() + CONNECT_SECONDS
        while self._state is PeerState.CONNECTING:
            await asyncio.sleep(_WATCH_SECONDS)
            if self._state is PeerState.CONNECTING and self._loop.time() > connect_by:
                return
        heard_at, received, unanswered = self._loop.time(), 0, 0
        while self._state is PeerState.CONNECTED and unanswered < UNANSWERED_CHECKS:
            await asyncio.sleep(_WATCH_SECONDS)
            before, received = received, seams.packets_received(self._connection)
            if received != before:
                heard_at, unanswered = self._loop.time(), 0
            elif self._loop.time() - heard_at > SILENT_SECONDS:
                answered = await seams.round_trip_seconds(self._connection) is not None
                unanswered = 0 if answered else unanswered + 1

    def _move(self, state: PeerState) -> None:
        """States only go down the list of PeerState."""
        order = list(PeerState)
        if order.index(state) <= order.index(self._state) or (self._closing and state is not PeerState.CLOSED):
            return
        self._state = state
        if state in (PeerState.LOST, PeerState.CLOSED):
            self._unsubscribe()
        try:
            self._on_state(state)
        except Exception as error:
            log_failure(logger, "viewer state", error)

    # The end

    async def close(self) -> None:
        """End everything within two seconds: socket, tasks and decoder thread. May be called again."""
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        self._unsubscribe()
        self._voice.close()
        if self._watching is not None:
            self._watching.cancel()
        await close_connection(self._connection)
        for track in (self._video, self._user, self._avatar):
            track.stop()
        if self._watching is not None:
            await asyncio.wait({self._watching}, timeout=1.0)
        self._move(PeerState.CLOSED)
