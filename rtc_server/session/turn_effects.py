"""Carries out what the turn machine asks for: transcribing, judging, and giving way."""

import asyncio
import logging
from collections.abc import Callable

from conversation.flow import events as flow
from conversation.speech.errors import SpeechError
from conversation.speech.listener import Listener
from conversation.text.spoken_code import likeliest_reading
from conversation.turn import commands as turn_commands
from conversation.turn import events as turn
from rtc_server.observe.failures import log_failure
from rtc_server.rtc.messages import Caption, OfferTyping, Problem, SpeechPaused, State
from rtc_server.session.line import Line, Post
from rtc_server.session.ports import Engines
from rtc_server.session.tasks import Tasks
from rtc_server.session.voice import Voice

CODE_READINGS = 5
"""Of what may be a code: measured, one in fifteen is misheard by a digit in the likeliest reading."""

logger = logging.getLogger(__name__)


class TurnEffects:
    """The ear of a session and its reactions."""

    def __init__(
        self,
        line: Line,
        voice: Voice,
        engines: Engines,
        post: Post,
        now: Callable[[], float],
        language: str,
        serial: int,
    ) -> None:
        self._line = line
        self._voice = voice
        self._engines = engines
        self._post = post
        self._now = now
        self._language = language
        self._tasks = Tasks("turn-effect")
        self._transcription: asyncio.Task[None] | None = None
        self._turns = serial
        self._listener = Listener(engines.voice_activity(), lambda first, p: post(turn.Speech(first, p)))
        line.on_stream = self._listener.start_stream
        line.on_audio = self._listener.feed

    def carry_out(self, command: turn_commands.Command) -> None:
        """One command."""
        match command:
            case turn_commands.Transcribe():
                if self._transcription is not None:
                    # Takes it out of the line if it waits; one that runs goes on and its result is too late.
                    self._transcription.cancel()
                self._transcription = self._tasks.start(self._transcribe(command))
            case turn_commands.JudgeTurn():
                self._tasks.start(self._judge(command))
            case turn_commands.UserStarted():
                self._post(flow.UserStarted())
                self._line.show(State("hearing"))
            case turn_commands.UserStopped():
                self._post(flow.UserStopped())
                self._line.show(State("speaking" if self._voice.speaking else "listening"))
            case turn_commands.Heard():
                self._line.send(Caption(f"turn-{self._turns + 1}", "user", command.text, final=False))
            case turn_commands.Commit():
                self._commit(command)
            case turn_commands.PauseSpeaking():
                self._voice.pause()
                self._line.send(SpeechPaused(command.utterance_id))
            case turn_commands.ResumeSpeaking():
                self._voice.resume(command.utterance_id)
            case turn_commands.StopSpeaking():
                self._voice.stop()
            case turn_commands.Ignored():
                logger.debug("turn machine ignored %s: %s", command.event, command.why)

    async def close(self) -> None:
        """Stop listening."""
        await self._tasks.close()
        await self._listener.close()

    def _commit(self, command: turn_commands.Commit) -> None:
        self._turns += 1
        self._line.latency.committed(
            self._now(), ended_by=command.ended_by.value, silence_seconds=command.silence_seconds
        )
        self._line.send(Caption(f"turn-{self._turns}", "user", command.text, final=True))
        self._post(flow.UserSpoke(command.text))

    async def _transcribe(self, command: turn_commands.Transcribe) -> None:
        speech = self._listener.audio(command.first_sample, command.end_sample)
        try:
            transcript = await self._engines.transcriber.transcribe(
                speech, language=self._language, readings=1 if command.digits is None else CODE_READINGS
            )
        except Exception as error:
            if not isinstance(error, SpeechError):
                log_failure(logger, "transcription", error)
            else:
                logger.warning("transcription failed: %s", error)
            self._line.send(Problem("speech_not_understood", "I could not understand speech just now.", True))
            self._line.send(OfferTyping())
            self._post(turn.Transcribed(command.request_id, "", failed=True))
            return
        self._line.latency.decoded(transcript.decode_seconds)
        text = transcript.text
        if command.digits is not None:
            text = likeliest_reading((text, *transcript.alternatives), command.digits, self._language)
        self._post(turn.Transcribed(command.request_id, text))

    async def _judge(self, command: turn_commands.JudgeTurn) -> None:
        detector = self._engines.turn_detector
        if detector is None:
            return
        try:
            probability = await detector.probability(self._listener.audio(command.first_sample, command.end_sample))
        except SpeechError as error:
            logger.warning("turn detection failed: %s", error)
            return
        self._post(turn.TurnJudged(command.request_id, probability))
