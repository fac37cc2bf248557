# mypy: ignore-errors
# Pipecat is not installed where the types are checked.
"""A Pipecat bot with the same models as Visavis: Silero, Whisper base (int8), hibari; a fixed sentence for the LLM.

It runs in an environment of its own (requirements-pipecat.txt). The pipeline is that of Pipecat's examples: input, STT,
user aggregator, reply, TTS, output, assistant aggregator. Events go to standard output, a JSON object a line.

    python -m bench.voice_to_voice.pipecat_bot PORT WHISPER_FOLDER {vad,smart} {greedy,context10}
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ctranslate2
import numpy as np
import pipecat.services.whisper.stt as whisper_service
from aiohttp import web
from faster_whisper import WhisperModel
from hibari import Hibari
from loguru import logger
from pipecat.audio.turn.smart_turn.base_smart_turn import SmartTurnParams
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TranscriptionFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService
from pipecat.transcriptions.language import Language
from pipecat.transports.base_transport import TransportParams
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy, TurnAnalyzerUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.utils.time import time_now_iso8601
from pipecat.workers.runner import WorkerRunner

from bench.voice_to_voice.usage import usage

REPLY = "Thank you, I have noted that."
WHISPER_THREADS = 2
VAD_STOP_SECONDS = 0.2
USER_SPEECH_TIMEOUT_SECONDS = 0.3
SMART_TURN_FALLBACK_SECONDS = 1.2
NO_SPEECH_LIMIT = 0.4

# Pools of their own, so that the CPU time of hearing and speaking can be told apart.
HEARING = ThreadPoolExecutor(1, thread_name_prefix="bench-stt")
SPEAKING = ThreadPoolExecutor(1, thread_name_prefix="bench-tts")


def tell(event: str, **fields: Any) -> None:
    """Write an event for the bench."""
    print(json.dumps({"at": time.time(), "event": event, **fields}), flush=True)


class Decoder:
    """Whisper base by two ways of decoding, both greedy; the model is loaded once and shared by all sessions."""

    def __init__(self, folder: str, way: str) -> None:
        self.folder = folder
        self.model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=WHISPER_THREADS)
        self._decode = self._greedy if way == "greedy" else self._context10

    def text(self, speech: np.ndarray) -> str:
        """Words of float32 [n] at 16 kHz."""
        return self._decode(speech)

    def _greedy(self, speech: np.ndarray) -> str:
        """The fastest that faster-whisper's own options give."""
        segments, _ = self.model.transcribe(
            speech,
            language="en",
            beam_size=1,
            best_of=1,
            temperature=0.0,
            without_timestamps=True,
            condition_on_previous_text=False,
        )
        return " ".join(s.text.strip() for s in segments if s.no_speech_prob < NO_SPEECH_LIMIT)

    def _context10(self, speech: np.ndarray) -> str:
        """Visavis' trick in their pipeline: an encoder context of 10 s instead of 30 s, by CTranslate2 directly."""
        frames = int(np.clip(-(-speech.size // 16_000) * 100 + 100, 1_000, 3_000))
        padded = np.zeros(frames * 160, np.float32)
        padded[: min(speech.size, padded.size)] = speech[: padded.size]
        features = self.model.feature_extractor(padded, padding=0)[None, :, :frames].astype(np.float32)
        encoded = self.model.model.encode(ctranslate2.StorageView.from_array(np.ascontiguousarray(features)))
        tokenizer = self.model.hf_tokenizer
        names = ("<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>")
        prompt = [tokenizer.token_to_id(name) for name in names]
        limit = len(prompt) + 16 + speech.size // 2_000
        (found,) = self.model.model.generate(
            encoded, [prompt], beam_size=1, max_length=limit, return_no_speech_prob=True
        )
        text: str = tokenizer.decode(found.sequences_ids[0]).strip()
        return text if found.no_speech_prob < 0.6 else ""


class Hearing(whisper_service.WhisperSTTService):
    """Pipecat's own segmented service; only the decoding call is ours."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        settings = whisper_service.WhisperSTTService.Settings(model=decoder.folder, language=Language.EN)
        super().__init__(device="cpu", compute_type="int8", settings=settings)

    def _load(self) -> None:
        self._model = self._decoder.model  # not once more for each session

    async def run_stt(self, audio: bytes) -> AsyncIterator[Frame]:
        """One finished segment of speech to text."""
        started = time.perf_counter()
        tell("hearing", seconds=len(audio) / 32_000)
        speech = np.frombuffer(audio, np.int16).astype(np.float32) / 32_768
        text = await asyncio.get_running_loop().run_in_executor(HEARING, self._decoder.text, speech)
        tell("heard", ms=1000 * (time.perf_counter() - started), text=text)
        if text:
            yield TranscriptionFrame(text, self._user_id, time_now_iso8601(), Language.EN)


class Reply(FrameProcessor):
    """Stands where the LLM would: the same sentence each time, at once."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer a context, hand on everything else."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        tell("reply", text=str((frame.context.get_messages() or [{}])[-1].get("content")))
        for answer in (LLMFullResponseStartFrame(), LLMTextFrame(REPLY), LLMFullResponseEndFrame()):
            await self.push_frame(answer)


class Speaking(TTSService):
    """hibari as a Pipecat service, written like Pipecat's for Piper; leading silence is cut, as Visavis does."""

    def __init__(self, hibari: Hibari) -> None:
        self._hibari = hibari
        settings = TTSSettings(model="hibari", voice="heart", language=None)
        super().__init__(push_start_frame=True, push_stop_frames=True, settings=settings)

    async def run_tts(self, text: str, context_id: str) -> AsyncIterator[Frame | None]:
        """Audio of a sentence."""
        try:
            rate_hz = self._hibari.sample_rate
            sentences = self._sentences(text)
            async for frame in self._stream_audio_frames_from_iterator(
                sentences, in_sample_rate=rate_hz, context_id=context_id
            ):
                tell("spoken")
                yield frame
        except Exception as error:
            yield ErrorFrame(error=f"hibari: {error}")

    async def _sentences(self, text: str) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        for sentence in self._hibari.split_sentences(text):
            yield await loop.run_in_executor(SPEAKING, self._render, sentence)

    def _render(self, sentence: str) -> bytes:
        samples = self._hibari(sentence)
        window = self._hibari.sample_rate // 100
        power = np.convolve(samples * samples, np.ones(window) / window, "same")
        audible = np.flatnonzero(power > 1e-5)  # -50 dBFS
        first = max(0, int(audible[0]) - window) if audible.size else 0
        return (np.clip(samples[first:], -1, 1) * 32_767).astype("<i2").tobytes()


class Bot:
    """Answers offers; each is a session with a pipeline of its own."""

    def __init__(self, decoder: Decoder, hibari: Hibari, turns: str) -> None:
        self._decoder = decoder
        self._hibari = hibari
        self._turns = turns
        self._running: set[asyncio.Task[Any]] = set()

    def _stop_strategy(self) -> Any:
        if self._turns == "vad":
            return SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=USER_SPEECH_TIMEOUT_SECONDS)
        parameters = SmartTurnParams(stop_secs=SMART_TURN_FALLBACK_SECONDS)
        return TurnAnalyzerUserTurnStopStrategy(turn_analyzer=LocalSmartTurnAnalyzerV3(params=parameters))

    async def offer(self, request: web.Request) -> web.Response:
        """``POST /offer {sdp, type}``: the answer."""
        body = await request.json()
        connection = SmallWebRTCConnection(ice_servers=[])
        await connection.initialize(sdp=body["sdp"], type=body["type"])
        parameters = TransportParams(audio_in_enabled=True, audio_out_enabled=True, audio_out_10ms_chunks=1)
        transport = SmallWebRTCTransport(webrtc_connection=connection, params=parameters)
        user = LLMUserAggregatorParams(
            vad_analyzer=SileroVADAnalyzer(params=VADParams(stop_secs=VAD_STOP_SECONDS)),
            user_turn_strategies=UserTurnStrategies(stop=[self._stop_strategy()]),
        )
        context = LLMContextAggregatorPair(LLMContext(), user_params=user)
        stages = [transport.input(), Hearing(self._decoder), context.user(), Reply(), Speaking(self._hibari)]
        worker = PipelineWorker(Pipeline([*stages, transport.output(), context.assistant()]), params=PipelineParams())

        @transport.event_handler("on_client_disconnected")
        async def _(transport: Any, client: Any) -> None:
            await worker.cancel()

        tell("session")
        task = asyncio.create_task(_run(worker))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return web.json_response(connection.get_answer())


async def _run(worker: PipelineWorker) -> None:
    await WorkerRunner(handle_sigint=False).run(worker)


async def _usage(request: web.Request) -> web.Response:
    return web.json_response(usage())


def main(port: int, folder: str, turns: str, way: str) -> None:
    """Load, warm up and serve until stopped."""
    logger.remove()
    logger.add(sys.stderr, level="WARNING")
    decoder, hibari = Decoder(folder, way), Hibari()
    noise = np.random.default_rng(0).normal(0, 1e-3, 32_000).astype(np.float32)
    for _ in range(2):
        decoder.text(noise)
        hibari(REPLY)
    bot = Bot(decoder, hibari, turns)
    app = web.Application()
    app.add_routes([web.post("/offer", bot.offer), web.get("/bench/usage", _usage)])
    web.run_app(app, host="127.0.0.1", port=port, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:5])
