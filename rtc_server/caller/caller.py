"""One call of a synthetic person: joins, waits for each question, answers from the script, and measures."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from conversation.speech.ports import SAMPLE_RATE_HZ, Samples
from rtc_server.caller.connection import Connection, ConnectionHandlers
from rtc_server.caller.link import Link, LinkOptions
from rtc_server.caller.mailbox import newest_code
from rtc_server.caller.measurement import SoundGate
from rtc_server.caller.result import CallResult, Line, Turn
from rtc_server.caller.scene import Scene
from rtc_server.caller.script import CODE, Answer, Answers, Script
from rtc_server.caller.server_calls import CallFailed, ServerCalls, Target
from rtc_server.rtc.messages import (
    AskPermissions,
    FlashDeclined,
    FromPage,
    FromServer,
    Input,
    Permissions,
    ShowFlash,
    Text,
)
from rtc_server.rtc.opus import CLOCK_HZ, FRAME_SAMPLES
from rtc_server.rtc.ports import PlaybackEnded, PlaybackEvent

REPLY_SECONDS = 15.0
"""Longest wait for the avatar's reply; its own ladder of recovery is quicker."""
SPEAK_SLACK_SECONDS = 5.0
_WAKE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class CallOptions:
    """How to behave in a call."""

    reaction: float = 0.6
    """Seconds between the end of a question and the answer."""
    timeout: float = 120.0
    """Longest call."""
    drop_after: float | None = None
    """Close the connection after so many seconds and dial again."""
    link: LinkOptions = field(default_factory=LinkOptions)
    on_line: Callable[[Line], None] = field(default=lambda line: None)
    """Hears each final line of the transcript."""


class Caller:
    """Makes one call; ``clips`` hold the sound of each spoken answer at 48 kHz."""

    def __init__(
        self, target: Target, script: Script, clips: Mapping[Answer, Samples], options: CallOptions | None = None
    ) -> None:
        self._target = target
        self._answers = Answers(script.answers)
        self._permissions = script.permissions
        self._clips = clips
        self._options = options or CallOptions()
        self._loop = asyncio.get_running_loop()
        self._scene = Scene()
        self._gate = SoundGate(SAMPLE_RATE_HZ)
        self._news = asyncio.Event()
        self._server = ServerCalls(target.base_url, target.secret)
        handlers = ConnectionHandlers(self._on_message, self._on_audio, self._on_playback, self._news.set)
        self._link = Link(self._server, handlers, self._options.link)
        self._clips_played = 0
        self._playback_ended_at: float | None = None
        self._result = CallResult()

    async def call(self) -> CallResult:
        """Call until the session has ended or the call has failed.

        Raises CallFailed when there is no session to call: server out of reach, secret unknown or expired.
        """
        result, started_at = self._result, self._loop.time()
        try:
            async with asyncio.timeout(self._options.timeout):
                session = await self._server.client_session()
                result.session_id = session["session"]["id"]
                await self._link.open(session["iceServers"])
                if self._options.drop_after is not None:
                    self._link.drop_after(self._options.drop_after)
                await self._converse()
        except TimeoutError:
            result.failure = f"the call had not ended after {self._options.timeout:g} seconds"
        except CallFailed as error:
            if not result.session_id:
                raise
            result.failure = str(error)
        finally:
            await self._link.close(leave=self._scene.finished is None)
            await self._server.close()
        result.seconds = self._loop.time() - started_at
        result.reconnects = self._link.reconnects
        result.lines, result.nodes = self._scene.lines, self._scene.nodes
        if self._scene.finished is not None:
            result.status, result.reason = self._scene.finished.status, self._scene.finished.reason
        await self._read_report()
        return result

    # The conversation

    async def _converse(self) -> None:
        since = 0.0
        while (answer := await self._my_turn(since)) is not None:
            since = self._loop.time()
            node = self._scene.node
            if await self._give(answer, node):
                self._answers.given(answer)
                if answer.expect_outcome:
                    self._result.expected_outcomes[node] = answer.expect_outcome

    async def _my_turn(self, since: float) -> Answer | None:
        """Wait until it is time to answer; None when the call is over. Raises CallFailed without an answer."""
        while not self._over():
            now = self._loop.time()
            since = max(since, self._link.joined_at)
            answer = self._answers.next(self._scene.node)
            if self._link.current is None:
                pass
            elif answer is not None and answer.barge_in_after is not None and self._barges_in(answer, since, now):
                return answer
            elif self._scene.asked_since(since) and self._quiet_for(now) >= self._options.reaction:
                if answer is None:
                    question = self._scene.last_question
                    message = f"the script has no answer left for node {self._scene.node}, which said: {question}"
                    raise CallFailed(message, "script")
                return answer
            await self._wait_for_news()
        return None

    def _quiet_for(self, now: float) -> float:
        return min(now - self._scene.changed_at, self._gate.silent_for(now))

    def _barges_in(self, answer: Answer, since: float, now: float) -> bool:
        began_at = self._scene.speaking_since(since)
        heard_at = self._gate.onset_after(began_at - 0.5) if began_at is not None else None
        return heard_at is not None and now - heard_at >= (answer.barge_in_after or 0.0)

    async def _give(self, answer: Answer, node: str) -> bool:
        """Give an answer and hear the reply; False when the connection broke meanwhile."""
        connection = self._link.current
        if connection is None:
            return False
        began_at = self._loop.time()
        if answer.kind == "silence":
            await self._keep_silent(began_at, answer.seconds)
            return True
        if answer.kind in ("type", "field"):
            ended_at = await self._write(connection, answer)
        else:
            ended_at = await self._speak(connection, self._clips[answer])
        if ended_at is None:
            return False
        ended_utc_ms = round(1000 * (time.time() - (self._loop.time() - ended_at)))
        early = self._gate.onset_after(began_at) if answer.barge_in_after is None else None
        interrupted = early is not None and early < ended_at
        reply_at = None if interrupted else await self._reply(began_at, ended_at)
        stop_at = self._gate.end_of_sound_at(began_at) if answer.barge_in_after is not None else None
        self._result.turns.append(
            Turn(
                node,
                answer.kind,
                answer.text,
                ended_utc_ms,
                reply_ms=None if reply_at is None else 1000 * (reply_at - ended_at),
                interrupted_by_avatar=interrupted,
                barge_in_stop_ms=None if stop_at is None else 1000 * (stop_at - began_at),
            )
        )
        return True

    async def _keep_silent(self, began_at: float, seconds: float) -> None:
        """Say nothing for so long, or until the avatar speaks."""
        while not self._over() and self._loop.time() - began_at < seconds:
            if self._scene.said_something_since(began_at):
                break
            await self._wait_for_news()

    async def _write(self, connection: Connection, answer: Answer) -> float | None:
        """Type an answer, or put it into the field; when it was sent. Raises CallFailed."""
        text = answer.text
        if CODE in text:
            text = text.replace(CODE, await newest_code(self._target, self._result.session_id))
        if answer.kind == "type":
            return self._loop.time() if connection.send(Text(text)) else None
        shown = self._scene.input
        if shown is None:
            raise CallFailed(f"node {self._scene.node} shows no field to put the answer into", "script")
        return self._loop.time() if connection.send(Input(shown.request_id, text)) else None

    async def _speak(self, connection: Connection, clip: Samples) -> float | None:
        """Say a clip; when its last sample was spoken, or None when the connection broke."""
        self._playback_ended_at = None
        self._clips_played += 1
        connection.voice.play(f"clip-{self._clips_played}", clip, CLOCK_HZ, last=True)
        give_up_at = self._loop.time() + clip.size / CLOCK_HZ + SPEAK_SLACK_SECONDS
        while self._playback_ended_at is None:
            if self._link.current is not connection or self._loop.time() > give_up_at:
                return None
            await self._wait_for_news()
        # A microphone hands a frame on when it is full, so its last sample is as old as the rest of the frame.
        unused_samples = -clip.size % FRAME_SAMPLES
        return self._playback_ended_at - unused_samples / CLOCK_HZ

    async def _reply(self, began_at: float, ended_at: float) -> float | None:
        """When the avatar can first be heard after the answer."""
        while self._loop.time() < ended_at + REPLY_SECONDS:
            onset = self._gate.onset_after(ended_at)
            if onset is not None:
                return onset
            if self._over() or self._link.current is None:
                break
            if self._scene.asked_since(began_at) and self._quiet_for(self._loop.time()) >= self._options.reaction:
                break  # it was shown, not said
            await self._wait_for_news()
        return None

    def _over(self) -> bool:
        failure = self._link.failure
        if failure is not None and failure.code == "session_finished":
            # The server's last message was lost with the connection.
            self._result.status = failure.status
            return True
        if failure is not None:
            raise failure
        if self._scene.replaced:
            raise CallFailed("another page has taken the session over")
        return self._scene.finished is not None

    async def _wait_for_news(self) -> None:
        self._news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_WAKE_SECONDS):
                await self._news.wait()

    # What the connection tells

    def _on_message(self, message: FromServer) -> None:
        line = self._scene.receive(message, self._loop.time())
        if self._link.current is not None and (answer := self._by_itself(message)) is not None:
            self._link.current.send(answer)
        if line is not None and line.text:
            self._options.on_line(line)
        self._news.set()

    def _by_itself(self, message: FromServer) -> FromPage | None:
        """What a page answers without its person."""
        match message:
            case AskPermissions():
                return Permissions(message.request_id, self._permissions, self._permissions)
            case ShowFlash():
                return FlashDeclined(message.request_id, "unavailable")  # there is no screen here
            case _:
                return None

    def _on_audio(self, samples: Samples, at: float) -> None:
        self._gate.feed(samples, at)
        self._news.set()

    def _on_playback(self, event: PlaybackEvent) -> None:
        if isinstance(event, PlaybackEnded):
            self._playback_ended_at = self._loop.time()
            self._news.set()

    async def _read_report(self) -> None:
        if not self._target.api_key or not self._result.session_id:
            return
        integrator = ServerCalls(self._target.base_url, self._target.api_key)
        try:
            session = await integrator.session(self._result.session_id)
        except CallFailed as error:
            self._result.failure = self._result.failure or f"the report cannot be read: {error}"
        else:
            self._result.report = session["report"]
            self._result.status = self._result.status or session["status"]
        finally:
            await integrator.close()
