"""Builds the engines that the settings ask for. With ``app``, the only place that names concrete engine classes."""

import asyncio
import logging
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from conversation.evaluate.ports import Evaluator, Phraser
from conversation.evaluate.providers.embedded.provider import EmbeddedEvaluator
from conversation.evaluate.providers.openai import OpenAIEvaluator
from conversation.evaluate.providers.openai_llm.endpoint import ChatEndpoint, EndpointSettings
from conversation.evaluate.providers.openai_llm.phraser import OpenAIPhraser
from conversation.evaluate.providers.openai_llm.probe import probe
from conversation.evaluate.providers.openai_llm.race import ChatRace
from conversation.evaluate.providers.openai_llm.summarizer import OpenAISummarizer
from conversation.evaluate.rule_phraser import RulePhraser
from conversation.speech.errors import SpeechError
from conversation.speech.pool import ModelPool
from conversation.speech.ports import ManyVoices, Synthesizer, Transcriber
from conversation.speech.providers.adaptive import AdaptiveTranscriber
from conversation.speech.providers.coqui import CoquiSynthesizer
from conversation.speech.providers.hibari import HibariSynthesizer
from conversation.speech.providers.openai_audio import AudioServer, OpenAISynthesizer, OpenAITranscriber
from conversation.speech.providers.openai_whisper import OpenAIWhisperTranscriber
from conversation.speech.providers.silero import SileroModel
from conversation.speech.providers.smart_turn import SmartTurnDetector
from conversation.speech.providers.whisper_ct2 import WhisperCTranslate2
from conversation.speech.rendering_cache import RenderingCache
from rtc_server.document_engines import build_documents
from rtc_server.rtc.peer import Peer
from rtc_server.rtc.ports import PeerPolicy
from rtc_server.session.ports import Engines
from rtc_server.settings import Settings, SpeechSettings
from rtc_server.settings_reader import SettingsError
from rtc_server.vision_engines import build_vision
from rtc_server.weights.cache import models_folder

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class EngineRoom:
    """Engines, and what has to be closed with them."""

    engines: Engines
    pools: list[ModelPool]
    race: ChatRace | None = None

    async def close(self) -> None:
        """End threads and connections."""
        await self.engines.renderings.close()
        for pool in self.pools:
            await pool.close()
        if self.race is not None:
            await self.race.aclose()


class _Pools:
    """Hands out one bounded pool per model."""

    def __init__(self) -> None:
        self.all: list[ModelPool] = []

    def new(self, name: str, workers: int = 1, backlog: int = 32) -> ModelPool:
        pool = ModelPool(name, workers, backlog)
        self.all.append(pool)
        return pool


async def build_engines(
    settings: Settings, peer_policy: PeerPolicy, voices: Mapping[str, Mapping[str, str]] | None = None
) -> EngineRoom:
    """Load the models (off the event loop) and wire them up. ``voices``: avatar id → engine → voice.

    Raises SettingsError for an unknown engine and SpeechError for a model that is missing or damaged.
    """
    pools = _Pools()
    synthesizer = await asyncio.to_thread(_build_synthesizer, settings, pools.new)
    personal: dict[str, Synthesizer] = {}
    room = await asyncio.to_thread(
        _build, settings, peer_policy, pools, lambda avatar_id: personal.get(avatar_id, synthesizer)
    )
    await _warm_up(room.engines)
    if not settings.speech.voice:
        personal |= await personal_voices(synthesizer, settings.speech.synthesizer, voices or {})
    if room.race is not None:
        for endpoint in room.race.endpoints:
            found = await probe(endpoint)
            logger.info("language model %s: %s", endpoint.settings.model, found.problem or "ready")
    return room


async def personal_voices(
    synthesizer: ManyVoices, engine: str, voices: Mapping[str, Mapping[str, str]]
) -> dict[str, Synthesizer]:
    """The synthesizer of each avatar that has a voice of its own; one that the engine cannot speak with is left out."""
    spoken: dict[str, Synthesizer] = {}
    for name in sorted({of_engines[engine] for of_engines in voices.values() if engine in of_engines}):
        try:
            candidate = synthesizer.with_voice(name)
            async for _ in candidate.synthesize("Hello."):
                break
        except SpeechError as error:
            logger.info("avatars whose voice is %s speak with the default voice: %s", name, error)
        else:
            spoken[name] = candidate
    wanted = {avatar_id: of_engines.get(engine, "") for avatar_id, of_engines in voices.items()}
    return {avatar_id: spoken[name] for avatar_id, name in wanted.items() if name in spoken}


def _build(
    settings: Settings, peer_policy: PeerPolicy, pools: _Pools, synthesizer: Callable[[str], Synthesizer]
) -> EngineRoom:
    folder = models_folder(settings.models_dir)
    silero = SileroModel(folder / "silero-vad" / "silero_vad.onnx", pools.new("voice-activity", backlog=256))
    detector = SmartTurnDetector(folder / "smart-turn" / "smart-turn-v3.2-cpu.onnx", pools.new("turn-detector"))
    transcriber = build_transcriber(settings, pools.new)
    race = build_race(settings)
    engines = Engines(
        voice_activity=silero.stream,
        turn_detector=detector,
        transcriber=transcriber,
        synthesizer=synthesizer,
        evaluator=build_evaluator(settings, pools.new("evaluator"), race),
        phraser=_build_phraser(race),
        summarizer=OpenAISummarizer(race) if race is not None else None,
        renderings=RenderingCache(),
        new_peer=lambda handlers: Peer(peer_policy, handlers),
        vision=build_vision(settings, pools.new),
        documents=build_documents(settings, pools.new),
    )
    return EngineRoom(engines, pools.all, race)


def build_transcriber(
    settings: Settings, new_pool: Callable[[str], ModelPool], *, adaptive: bool = True
) -> Transcriber:
    """The transcriber that the settings ask for; with ``adaptive`` a smaller model helps out while the host is busy.

    Raises SettingsError and SpeechError.
    """
    speech, folder = settings.speech, models_folder(settings.models_dir)
    match speech.transcriber:
        case "whisper":
            base = Path(speech.transcriber_model) if speech.transcriber_model else folder / "whisper-base"
            primary = WhisperCTranslate2(base, new_pool("whisper"), threads=speech.threads)
            if not adaptive or not (folder / "whisper-tiny.en").is_dir():
                return primary
            tiny = WhisperCTranslate2(folder / "whisper-tiny.en", new_pool("whisper-tiny"), threads=speech.threads)
            return AdaptiveTranscriber(primary, tiny, time.monotonic, threshold_seconds=speech.busy_seconds)
        case "openai-whisper":
            return OpenAIWhisperTranscriber(new_pool("openai-whisper"), _path(speech.transcriber_model, "transcriber"))
        case "openai":
            return OpenAITranscriber(_audio_server(settings), speech.transcriber_model or "whisper-1")
        case other:
            raise SettingsError(f"speech.transcriber is '{other}'; choose whisper, openai-whisper or openai")


def _build_synthesizer(settings: Settings, new_pool: Callable[[str], ModelPool]) -> ManyVoices:
    speech = settings.speech
    match speech.synthesizer:
        case "hibari":
            model = Path(speech.synthesizer_model) if speech.synthesizer_model else None
            return HibariSynthesizer(new_pool("hibari"), speech.voice or "heart", model)
        case "coqui":
            config = _path(speech.synthesizer_config, "synthesizer_config")
            return CoquiSynthesizer(new_pool("coqui"), _path(speech.synthesizer_model, "synthesizer_model"), config)
        case "openai":
            model_name, voice = speech.synthesizer_model or "tts-1", speech.voice or "alloy"
            return OpenAISynthesizer(_audio_server(settings), model_name, voice)
        case other:
            raise SettingsError(f"speech.synthesizer is '{other}'; choose hibari, coqui or openai")


def build_race(settings: Settings) -> ChatRace | None:
    """The language models that the settings name; None without any."""
    llm = settings.llm
    if not llm.base_url:
        return None
    timeout = max(0.5, llm.budget_seconds - 0.2)
    return ChatRace([ChatEndpoint(EndpointSettings("llm", llm.base_url, llm.model, llm.api_key, timeout=timeout))])


def build_evaluator(settings: Settings, pool: ModelPool, race: ChatRace | None = None) -> Callable[[str], Evaluator]:
    """The evaluator by session id: the embedded one, or with a ``race`` of language models the two together.

    Raises SpeechError when the embedded evaluator's weights are missing or damaged.
    """
    embedded = EmbeddedEvaluator(models_folder(settings.models_dir) / "bge-small-en", pool.run)
    if race is None:
        return lambda session_id: embedded
    shared = race

    def for_session(session_id: str) -> Evaluator:
        seed = zlib.crc32(session_id.encode())
        return OpenAIEvaluator(shared, embedded, seed=seed)

    return for_session


def _build_phraser(race: ChatRace | None) -> Phraser | None:
    return OpenAIPhraser(race, RulePhraser()) if race is not None else None


def _audio_server(settings: Settings) -> AudioServer:
    speech: SpeechSettings = settings.speech
    base_url = speech.base_url or settings.llm.base_url
    if not base_url:
        raise SettingsError("speech.base_url (VISAVIS_SPEECH_BASE_URL) must name the OpenAI-compatible server")
    return AudioServer(base_url, speech.api_key or settings.llm.api_key)


def _path(text: str, name: str) -> Path:
    if not text:
        raise SettingsError(f"speech.{name} must be the path of a model file")
    return Path(text)


async def _warm_up(engines: Engines) -> None:
    """Let every engine run once, so that the first person does not wait for lazy loading."""
    async for chunk in engines.synthesizer("").synthesize("Hello."):
        await engines.transcriber.transcribe(chunk.samples)  # at the wrong rate; what it hears does not matter
        break
