"""The voice: clauses to the sink as they come, and afterwards the words that were really heard."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from conversation.speech.errors import Category, SpeechError
from conversation.speech.rendering_cache import RenderingCache
from conversation.speech.speaker import PREPARED_CHARACTERS, QUEUED_SECONDS, ClauseQueued, Speaker
from rtc_server.rtc.ports import PlaybackEnded, PlaybackEvent, PlaybackStarted
from tests.fakes.peer import FakeAudioOut
from tests.fakes.stage import eventually
from tests.fakes.voices import FakeSynthesizer

LINE = "Hello and welcome. What is your name?"


class Mouth:
    """A speaker, its sink, and all that they reported."""

    def __init__(self) -> None:
        self.synthesizer = FakeSynthesizer(word_seconds=0.1)
        self.cache = RenderingCache()
        self.clauses: list[ClauseQueued] = []
        self.failures: list[tuple[str, SpeechError]] = []
        self.playback: list[PlaybackEvent] = []
        self.sink = FakeAudioOut(self.playback.append)
        self.speaker = Speaker(
            self.synthesizer, self.cache, self.clauses.append, lambda name, error: self.failures.append((name, error))
        )
        self.speaker.attach(self.sink)

    async def ended(self) -> PlaybackEnded:
        """Wait for the end of an utterance."""
        await eventually(lambda: any(isinstance(e, PlaybackEnded) for e in self.playback), "it ends")
        return next(event for event in self.playback if isinstance(event, PlaybackEnded))


def assert_ended(event: PlaybackEnded, utterance_id: str, seconds: float, *, completed: bool) -> None:
    assert (event.utterance_id, event.completed) == (utterance_id, completed)
    assert event.played_seconds == pytest.approx(seconds)


@pytest.fixture
async def mouth() -> AsyncIterator[Mouth]:
    made = Mouth()
    yield made
    await made.speaker.close()
    await made.cache.close()
    made.sink.close()


async def test_an_utterance_goes_out_clause_by_clause(mouth: Mouth) -> None:
    mouth.speaker.speak("u1", LINE)
    assert_ended(await mouth.ended(), "u1", 0.7, completed=True)
    assert mouth.playback[0] == PlaybackStarted("u1")
    assert [clause.text for clause in mouth.clauses] == ["Hello and welcome.", "What is your name?"]
    first, second = mouth.clauses
    assert first.seconds == pytest.approx(0.3)
    assert second.seconds == pytest.approx(0.4)
    assert second.rtp_timestamp - first.rtp_timestamp == round(0.3 * 48_000)
    assert [mark.viseme for mark in first.visemes] == ["aa", "sil"]
    assert mouth.failures == []


async def test_the_first_clause_does_not_wait_for_the_second(mouth: Mouth) -> None:
    gate = asyncio.Event()

    async def only_the_first() -> None:
        if mouth.clauses:
            await gate.wait()

    mouth.synthesizer.before_clause = only_the_first
    mouth.speaker.speak("u1", LINE)
    await eventually(lambda: PlaybackStarted("u1") in mouth.playback, "the first clause is played")
    assert len(mouth.clauses) == 1
    gate.set()
    assert (await mouth.ended()).completed


async def test_a_known_line_is_not_synthesised_again(mouth: Mouth) -> None:
    mouth.speaker.speak("u1", LINE)
    await mouth.ended()
    mouth.speaker.speak("u2", LINE)
    await eventually(lambda: len(mouth.clauses) == 4, "it is queued")
    assert mouth.synthesizer.asked == [LINE]
    assert [clause.utterance_id for clause in mouth.clauses] == ["u1", "u1", "u2", "u2"]


async def test_a_prepared_line_needs_no_synthesis_when_it_is_spoken(mouth: Mouth) -> None:
    mouth.speaker.prepare([LINE, "Goodbye."])
    await eventually(lambda: mouth.synthesizer.clauses == 3, "both are prepared")
    await asyncio.sleep(0)
    mouth.synthesizer.error = SpeechError(Category.MODEL, "fake", "gone")
    mouth.speaker.speak("u1", LINE)
    assert (await mouth.ended()).completed


async def test_very_long_lines_are_not_prepared(mouth: Mouth) -> None:
    mouth.speaker.prepare(["word " * PREPARED_CHARACTERS])
    await asyncio.sleep(0)
    assert mouth.synthesizer.asked == []


async def test_what_is_said_now_goes_before_what_may_be_said_next(mouth: Mouth) -> None:
    mouth.speaker.speak("u1", LINE)
    mouth.speaker.prepare(["Goodbye."])
    await mouth.ended()
    await eventually(lambda: "Goodbye." in mouth.synthesizer.asked, "the next line is prepared afterwards")
    assert mouth.synthesizer.asked == [LINE, "Goodbye."]


async def test_a_line_that_is_being_prepared_is_not_synthesised_twice(mouth: Mouth) -> None:
    gate = asyncio.Event()
    mouth.synthesizer.before_clause = gate.wait
    mouth.speaker.prepare([LINE])
    await eventually(lambda: mouth.synthesizer.asked == [LINE], "preparation has begun")
    mouth.speaker.speak("u1", LINE)
    await asyncio.sleep(0.005)
    gate.set()
    await mouth.ended()
    assert mouth.synthesizer.asked == [LINE]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, ""),
        (0.04, ""),
        (0.06, "Hello"),
        (0.14, "Hello"),
        (0.2, "Hello and"),
        (0.3, "Hello and welcome."),
        (0.34, "Hello and welcome."),
        (0.36, "Hello and welcome. What"),
        (0.6, "Hello and welcome. What is your"),
        (9.0, "Hello and welcome. What is your name?"),
    ],
)
async def test_what_was_heard_is_cut_at_the_word_being_spoken(mouth: Mouth, seconds: float, words: str) -> None:
    mouth.speaker.speak("u1", LINE)
    await mouth.ended()
    assert mouth.speaker.heard("u1", seconds, completed=False) == words
    assert mouth.speaker.heard("u1", seconds, completed=True) == LINE
    assert mouth.speaker.heard("u0", seconds, completed=True) == ""


async def test_stopping_drops_the_rest(mouth: Mouth) -> None:
    mouth.sink.hold_at = 0.2
    mouth.speaker.speak("u1", LINE)
    await eventually(lambda: mouth.speaker.played_seconds >= 0.2, "it is spoken")
    mouth.speaker.stop()
    assert_ended(await mouth.ended(), "u1", 0.2, completed=False)
    assert mouth.speaker.played_seconds == 0.0


async def test_stopping_before_the_first_clause(mouth: Mouth) -> None:
    gate = asyncio.Event()
    mouth.synthesizer.before_clause = gate.wait
    mouth.speaker.speak("u1", LINE)
    await asyncio.sleep(0)
    mouth.speaker.stop()
    gate.set()
    await asyncio.sleep(0.01)
    assert mouth.playback == []
    assert mouth.clauses == []
    assert mouth.failures == []


async def test_a_pause_holds_and_resume_goes_on(mouth: Mouth) -> None:
    mouth.sink.hold_at = 0.2
    mouth.speaker.speak("u1", LINE)
    await eventually(lambda: mouth.speaker.played_seconds >= 0.2, "it is spoken")
    mouth.speaker.pause()
    mouth.sink.hold_at = None
    await asyncio.sleep(0.01)
    assert mouth.speaker.played_seconds == pytest.approx(0.2)
    assert mouth.speaker.resume() is not None
    assert_ended(await mouth.ended(), "u1", 0.7, completed=True)


async def test_a_long_line_waits_for_room(mouth: Mouth) -> None:
    mouth.sink.hold_at = 1.0
    sentence = "One two three four five six seven eight nine ten."
    mouth.speaker.speak("u1", " ".join([sentence] * 100))
    await eventually(lambda: mouth.speaker.played_seconds >= 1.0, "it is spoken")
    await asyncio.sleep(0.02)
    assert sum(clause.seconds for clause in mouth.clauses) <= QUEUED_SECONDS + 2.0
    mouth.sink.hold_at = None
    assert_ended(await mouth.ended(), "u1", 100.0, completed=True)


async def test_nobody_connected_is_a_failure(mouth: Mouth) -> None:
    mouth.speaker.attach(None)
    mouth.speaker.speak("u1", LINE)
    await eventually(lambda: len(mouth.failures) == 1, "it fails")
    name, error = mouth.failures[0]
    assert (name, error.category) == ("u1", Category.NETWORK)
    assert mouth.speaker.resume() is None
    mouth.speaker.pause()
    mouth.speaker.stop()


@pytest.mark.parametrize("error", [SpeechError(Category.MODEL, "fake", "damaged"), ValueError(LINE)])
async def test_a_failure_is_reported_once_without_the_words(mouth: Mouth, error: Exception) -> None:
    mouth.synthesizer.error = error
    mouth.speaker.speak("u1", LINE)
    await eventually(lambda: len(mouth.failures) == 1, "it fails")
    await asyncio.sleep(0.005)
    assert [name for name, _ in mouth.failures] == ["u1"]
    assert "Hello" not in str(mouth.failures[0][1])


@pytest.mark.parametrize("text", ["", "   "])
async def test_a_text_without_sound_is_a_failure(mouth: Mouth, text: str) -> None:
    mouth.speaker.speak("u1", text)
    await eventually(lambda: len(mouth.failures) == 1, "it fails")
    assert mouth.playback == []


async def test_a_half_rendered_line_is_not_kept(mouth: Mouth) -> None:
    mouth.synthesizer.error, mouth.synthesizer.error_after_clauses = SpeechError(Category.BUSY, "fake", "busy"), 1
    mouth.speaker.speak("u1", LINE)
    await eventually(lambda: len(mouth.failures) == 1, "it fails")
    mouth.synthesizer.error = None
    mouth.speaker.stop()
    mouth.playback.clear()
    mouth.speaker.speak("u2", LINE)
    assert_ended(await mouth.ended(), "u2", 0.7, completed=True)
