"""The line to the person: the current peer, who may be replaced at any time, and everything that hangs on it.

A peer that is lost is let go at once; the page dials again and gets a fresh one (aiortc has no ICE restart).
"""

import asyncio
from collections.abc import Callable

from conversation.flow import events as flow
from conversation.speech.ports import AudioSink, Samples
from conversation.turn import events as turn
from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.messages import (
    Camera,
    CancelCheck,
    CancelInput,
    Caption,
    FlashDeclined,
    FlashShown,
    FromPage,
    FromServer,
    GuideByEar,
    Hello,
    Input,
    Leave,
    Microphone,
    OfferTyping,
    Pace,
    Permissions,
    Ping,
    PressShutter,
    Replaced,
    Resend,
    State,
    Statistics,
    StillFailed,
    StopRecording,
    Text,
)
from rtc_server.rtc.ports import PeerFactory, PeerHandlers, PeerPort, PeerState, PlaybackEvent
from rtc_server.session.latency import LatencyRecorder
from rtc_server.session.onlookers import Onlookers
from vision.ports import FrameSource

Post = Callable[[flow.Event | turn.Event], None]

AboutCheck = Camera | CancelCheck | GuideByEar | FlashShown | FlashDeclined | StillFailed | PressShutter
"""What a page says of its camera, of a check and of a document."""


class Line:
    """Holds the peer of a session. The ``on_…`` hooks are set by the effects that need audio or pictures.

    ``serial`` is the number that the ids of peers and captions count on from, so that those of a session that is taken
    up again differ from its earlier ones; ``rejoined`` tells whether it went on before.
    """

    def __init__(
        self, session_id: str, new_peer: PeerFactory, heartbeat_ms: int, post: Post, *, serial: int, rejoined: bool
    ) -> None:
        self._session_id = session_id
        self._new_peer = new_peer
        self._heartbeat_ms = heartbeat_ms
        self._post = post
        self._peer: PeerPort | None = None
        self._peers = serial
        self._typed = serial
        self._rejoined = rejoined
        self._shown = ""
        self._waiting = False
        self._closed = False
        self._relaying = False
        self._closing: set[asyncio.Task[None]] = set()
        self.hub = MediaHub()
        """What support agents see and hear; it outlives the peers."""
        self.onlookers = Onlookers()
        self.page_id = ""
        self.can_speak = True
        """Whether the person has a microphone, as far as their page has said."""
        self.latency = LatencyRecorder(self.onlookers.turn)
        self.statistics: Statistics | None = None
        """What the page measured last."""
        self.on_connected: list[Callable[[], None]] = []
        """A page has come, or come back."""
        self.on_recording_unwanted: Callable[[], None] = lambda: None
        """The person takes back that they may be recorded."""
        self.on_stream: Callable[[], None] = lambda: None
        self.on_audio: Callable[[Samples, int], None] = lambda samples, first: None
        self.on_sink: Callable[[AudioSink | None], None] = lambda sink: None
        self.on_playback: Callable[[PlaybackEvent], None] = lambda event: None
        self.on_frames: Callable[[FrameSource | None], None] = lambda frames: None
        """The camera of a page that has connected; None when it is gone."""
        self.on_check: list[Callable[[AboutCheck], None]] = []
        """Each is told of everything; what is not for them they do not know the id of."""

    @property
    def connected(self) -> bool:
        """Whether a page is there to hear."""
        return self._peer is not None and self._peer.state is PeerState.CONNECTED

    @property
    def vacant(self) -> bool:
        """Whether no page is there, nor on its way."""
        return self._peer is None

    @property
    def peer_id(self) -> str:
        """Id of the current peer; every peer has another."""
        return f"{self._session_id}-{self._peers}"

    async def offer(self, page_id: str, sdp: str) -> tuple[str, str]:
        """Replace the peer by one that answers this offer; (peer id, answer).

        Raises PeerError, with code ``session_finished`` when the session ended meanwhile.
        """
        handlers = PeerHandlers(
            audio=lambda samples, first: self.on_audio(samples, first) if peer is self._peer else None,
            message=lambda message: self._on_message(message) if peer is self._peer else None,
            state=lambda state: self._on_state(peer, state),
            playback=lambda event: self.on_playback(event),
            hub=self.hub,
        )
        peer = self._new_peer(handlers)
        answer = await peer.answer(sdp)
        if self._closed:
            await peer.close()
            raise PeerError("session_finished", "this session is over")
        former = self._peer
        if former is not None:
            if page_id != self.page_id:
                former.send(Replaced())
            self._hang_up(former)
        self._peer = peer
        self._peers += 1
        self.page_id = page_id
        return self.peer_id, answer

    async def candidates(self, peer_id: str, candidates: list[dict[str, object]]) -> None:
        """Hand trickled candidates to the peer they are for; a former peer's are dropped. Raises PeerError."""
        if self._peer is not None and peer_id == self.peer_id:
            await self._peer.add_candidates(candidates)

    def send(self, message: FromServer) -> None:
        """Send to the page, if there is one."""
        self.onlookers.sent(message)
        if self._peer is not None:
            self._peer.send(message)

    def begin_relay(self) -> None:
        """From now on the person hears an agent in place of the avatar, over this peer and those that follow."""
        self._relaying = True
        if self._peer is not None and self.connected:
            self._peer.audio_out.begin_relay()

    def relay(self, packet: bytes) -> None:
        """20 ms of Opus for the person."""
        if self._peer is not None and self._relaying and self.connected:
            self._peer.audio_out.relay(packet)

    def end_relay(self) -> None:
        """The avatar may speak again."""
        self._relaying = False
        if self._peer is not None and self.connected:
            self._peer.audio_out.end_relay()

    def show(self, state: State) -> None:
        """Tell the page what the avatar does, once. While something else than speech is awaited, it waits."""
        if state.state == "listening" and self._waiting:
            state = State("waiting")
        if state.state != self._shown:
            self._shown = state.state
            self.send(state)

    def wait(self, waiting: bool) -> None:
        """Whether something else than speech is awaited: a field, the browser's question, the outside."""
        self._waiting = waiting
        if waiting and self._shown not in ("speaking", "hearing"):
            self.show(State("waiting"))

    async def close(self) -> None:
        """Hang up for good."""
        self._closed = True
        if self._peer is not None:
            self._hang_up(self._peer)
            self._peer = None
        if self._closing:
            await asyncio.wait(self._closing)

    def _on_state(self, peer: PeerPort, state: PeerState) -> None:
        if peer is not self._peer:
            return
        if state is PeerState.CONNECTED:
            self._shown = ""
            self.send(Hello(self._session_id, rejoined=self._rejoined, heartbeat_ms=self._heartbeat_ms))
            self._rejoined = True
            if self._relaying:
                peer.audio_out.begin_relay()
            for told in self.on_connected:
                told()
            self.on_stream()
            self.on_sink(peer.audio_out)
            self.on_frames(peer.frames)
            self._post(turn.StreamStarted())
            self._post(flow.Joined())
        elif state is PeerState.LOST:
            self._peer = None
            self._hang_up(peer)

    def _hang_up(self, peer: PeerPort) -> None:
        """Let a peer go. What it was saying ends here, with what was heard of it; told in this order, so that the
        flow knows that nobody is there when the utterance ends."""
        self._post(flow.Left())
        peer.audio_out.stop_speaking()
        self.on_sink(None)
        self.on_frames(None)
        task = asyncio.create_task(peer.close(), name="close-peer")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _on_message(self, message: FromPage) -> None:
        self.onlookers.heard(message)
        match message:
            case Text() if message.text.strip():
                self._typed += 1
                text = message.text.strip()
                self.send(Caption(f"typed-{self._typed}", "user", text, final=True, typed=True))
                self._post(turn.Typed())
                self._post(flow.UserSpoke(text, typed=True))
            case Input():
                # No caption: what is typed into a field is for the flow alone.
                self._post(turn.Typed())
                self._post(flow.InputGiven(message.request_id, message.value.strip()))
            case CancelInput():
                self._post(flow.InputCancelled(message.request_id))
            case Resend():
                self._post(flow.ResendRequested(message.request_id))
            case Permissions():
                self._post(flow.PermissionsAnswered(message.request_id, message.camera, message.microphone))
            case Pace():
                self._post(flow.PaceChosen(message.speech_rate, message.extra_time))
            case StopRecording():
                self.on_recording_unwanted()
            case Leave():
                self._post(flow.Cancelled("user"))
            case Microphone():
                self.can_speak = message.state != "absent"
                if not self.can_speak:
                    self.send(OfferTyping())
            case Statistics():
                self.statistics = message
            case Text() | Ping():
                pass  # nothing was typed; the peer answers pings
            case _:
                for listener in self.on_check:
                    listener(message)
