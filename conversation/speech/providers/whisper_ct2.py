"""The default transcriber: Whisper weights (OpenAI, MIT) run by CTranslate2 in int8, with a short encoder context."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from conversation.speech.decoding import (
    FULL_CONTEXT_SECONDS,
    context_frames,
    context_seconds,
    is_silence,
    loop_period,
    pieces,
    token_limit,
    without_loop,
)
from conversation.speech.errors import Category, SpeechError
from conversation.speech.features import LogMel
from conversation.speech.pool import ModelPool
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples, Transcript
from conversation.speech.providers.weights import loading, require

_LONGEST_SPEECH_SECONDS = 20 * 60
_LONGEST_HINT_TOKENS = 64
_LOUDNESS_FLOOR = 1e-5
"""Peak below which audio is digital silence: a third of the smallest 16-bit step."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one run of the decoder gave."""

    tokens: tuple[int, ...]
    """Text tokens, without the end mark."""
    log_probability: float
    """Mean over the tokens and the end mark."""
    no_speech: float
    """Probability that nothing was said."""
    alternatives: tuple[tuple[int, ...], ...] = ()
    """Tokens of other readings, the likelier first."""


class WhisperCTranslate2:
    """Speech to text for whole utterances; implements ``Transcriber``.

    ``threads`` is the number of cores that one utterance may use. One is best on small machines: with two, the encoder
    gains what the decoder loses. As many utterances are transcribed at a time as the pool has workers.
    """

    def __init__(
        self,
        model_dir: Path,
        pool: ModelPool,
        *,
        threads: int = 1,
        compute_type: str = "int8",
        use_hints: bool = False,
    ) -> None:
        """Load ``model.bin``, ``config.json``, ``tokenizer.json`` and ``vocabulary.*`` from a folder.

        Raises ``SpeechError`` (MODEL) when a file is absent or damaged.
        """
        self._engine = model_dir.name
        for file in ("model.bin", "config.json", "tokenizer.json"):
            require(self._engine, model_dir / file)

        import ctranslate2
        import tokenizers

        with loading(self._engine, model_dir / "tokenizer.json"):
            self._tokenizer = tokenizers.Tokenizer.from_file(str(model_dir / "tokenizer.json"))
        with loading(self._engine, model_dir / "config.json"):
            json.loads((model_dir / "config.json").read_text(encoding="utf-8"))
        with loading(self._engine, model_dir / "model.bin"):
            self._model = ctranslate2.models.Whisper(
                str(model_dir),
                device="cpu",
                compute_type=compute_type,
                intra_threads=threads,
                inter_threads=pool.workers,
            )
        self._as_features = ctranslate2.StorageView.from_array
        self._log_mel = LogMel()
        self._pool = pool
        self._use_hints = use_hints
        self._languages = self._known_languages()

    @property
    def name(self) -> str:
        """Engine and model."""
        return f"ctranslate2/{self._engine}"

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes that the model understands; English alone for an ``.en`` model."""
        return self._languages

    async def transcribe(
        self, speech: Samples, *, language: str = "en", hint: str = "", readings: int = 1
    ) -> Transcript:
        """Transcribe float32 [n] at 16 kHz; silence gives an empty text.

        Speech beyond 29 s is cut at quiet points and every piece waits its turn in the pool, so that a long
        utterance does not keep others waiting. ``hint`` is ignored unless the engine was made with ``use_hints``.
        Raises ``SpeechError``: INPUT for a language that the model lacks and for more than 20 minutes, BUSY when the
        pool is full.
        """
        if language not in self._languages:
            message = f"no language {language!r}; this model understands {', '.join(sorted(self._languages))}"
            raise SpeechError(Category.INPUT, self._engine, message)
        if len(speech) > _LONGEST_SPEECH_SECONDS * SAMPLE_RATE_HZ:
            message = f"{len(speech) // SAMPLE_RATE_HZ} s of speech; at most {_LONGEST_SPEECH_SECONDS} s"
            raise SpeechError(Category.INPUT, self._engine, message)
        prompt = self._prompt(language, hint if self._use_hints else "")
        started = time.perf_counter()
        decoded = [await self._pool.run(self._decode_piece, piece, prompt, readings) for piece in pieces(speech)]
        return self._transcript(decoded, language, time.perf_counter() - started)

    def _decode_piece(self, speech: Samples, prompt: list[int], readings: int) -> Decoded:
        if len(speech) == 0 or float(np.abs(speech).max()) < _LOUDNESS_FLOOR:
            return Decoded((), 0.0, 1.0)
        context = context_seconds(len(speech) / SAMPLE_RATE_HZ)
        decoded = self._run(speech, context, prompt, readings)
        if loop_period(decoded.tokens) and context < FULL_CONTEXT_SECONDS:
            decoded = self._run(speech, FULL_CONTEXT_SECONDS, prompt, readings)
        if len(decoded.tokens) >= token_limit(len(speech) / SAMPLE_RATE_HZ):
            # Cut off by the limit: what still repeats at its end is the decoder's doing, not the speaker's.
            decoded = Decoded(tuple(without_loop(decoded.tokens)), decoded.log_probability, decoded.no_speech)
        return decoded

    def _run(self, speech: Samples, context: int, prompt: list[int], readings: int) -> Decoded:
        features = self._log_mel(speech, context_frames(context))
        encoded = self._model.encode(self._as_features(features[np.newaxis]))
        (result,) = self._model.generate(
            encoded,
            [prompt],
            beam_size=readings,
            num_hypotheses=readings,
            # CTranslate2 keeps half of this for the prompt, as whisper does with its 448 positions.
            max_length=2 * token_limit(len(speech) / SAMPLE_RATE_HZ),
            return_scores=True,
            return_no_speech_prob=True,
        )
        likeliest, *others = (tuple(tokens) for tokens in result.sequences_ids)
        return Decoded(likeliest, float(result.scores[0]), float(result.no_speech_prob), tuple(others))

    def _transcript(self, decoded: list[Decoded], language: str, seconds: float) -> Transcript:
        spoken = [piece for piece in decoded if piece.tokens and not is_silence(piece.no_speech, piece.log_probability)]
        texts = [self._text(piece.tokens) for piece in spoken]
        # A code is short; what is long enough to be cut into pieces has too many readings to go through.
        others = [self._text(tokens) for tokens in spoken[0].alternatives] if len(spoken) == 1 else []
        tokens = sum(len(piece.tokens) for piece in spoken)
        log_probability = sum(piece.log_probability * len(piece.tokens) for piece in spoken) / max(1, tokens)
        return Transcript(
            text=" ".join(text for text in texts if text),
            language=language,
            confidence=float(np.exp(min(0.0, log_probability))) if spoken else 0.0,
            no_speech=min((piece.no_speech for piece in decoded), default=1.0),
            decode_seconds=seconds,
            model=self.name,
            alternatives=tuple(text for text in others if text),
        )

    def _text(self, tokens: tuple[int, ...]) -> str:
        return str(self._tokenizer.decode(list(tokens), skip_special_tokens=True)).strip()

    def _prompt(self, language: str, hint: str) -> list[int]:
        """Tokens that the answer follows: what was said before, the language and the task, and no timestamps."""
        before: list[int] = []
        if hint:
            words = self._tokenizer.encode(f" {hint.strip()}", add_special_tokens=False).ids
            before = [self._token("<|startofprev|>"), *words[-_LONGEST_HINT_TOKENS:]]
        task = [self._token(f"<|{language}|>"), self._token("<|transcribe|>")] if self._model.is_multilingual else []
        return [*before, self._token("<|startoftranscript|>"), *task, self._token("<|notimestamps|>")]

    def _token(self, text: str) -> int:
        token = self._tokenizer.token_to_id(text)
        if token is None:
            message = f"tokenizer.json has no {text}; run 'visavis models pull' to fetch it again"
            raise SpeechError(Category.MODEL, self._engine, message)
        return int(token)

    def _known_languages(self) -> frozenset[str]:
        if not self._model.is_multilingual:
            return frozenset({"en"})
        special = self._tokenizer.get_added_tokens_decoder().values()
        codes = {str(token.content)[2:-2] for token in special if len(str(token.content)) == len("<|en|>")}
        return frozenset(code for code in codes if code.isalpha())
