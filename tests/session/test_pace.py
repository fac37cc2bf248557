"""The pace that a page asks for: how fast is spoken, how long is waited, and that a restart forgets neither."""

from rtc_server.rtc.messages import Caption, Pace, Speech, Text
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually
from tests.scores.flows import name_flow, strict_flow


async def asked(peer: FakePeer) -> Speech:
    """The avatar has spoken a line to its end."""
    spoken = await peer.receives(Speech)
    await peer.receives(Caption, lambda caption: caption.speaker == "avatar" and caption.final)
    return spoken


def milliseconds_a_word(spoken: Speech) -> float:
    return spoken.duration_ms / len(spoken.text.split())


async def test_the_next_line_is_spoken_at_the_new_rate(stage: Stage) -> None:
    record = await stage.create(strict_flow())
    peer = await stage.join(record)
    usual = milliseconds_a_word(await asked(peer))
    peer.send_message(Pace(0.8, extra_time=False))
    before = len(peer.received(Speech))
    peer.send_message(Text("bananas"))
    await eventually(lambda: len(peer.received(Speech)) > before, "the question was not asked again")
    slow = milliseconds_a_word(peer.received(Speech)[-1])
    assert slow == round(usual / 0.8)


async def test_lines_that_were_prepared_are_prepared_again(stage: Stage) -> None:
    record = await stage.create(name_flow(), providedData={"title": "Ms"})
    peer = await stage.join(record)
    await asked(peer)
    await eventually(lambda: len(stage.synthesizer.asked) > 1, "nothing was prepared")
    ahead = stage.synthesizer.asked[1:]
    peer.send_message(Pace(1.2, extra_time=False))
    await eventually(
        lambda: all(stage.synthesizer.asked.count(text) == 2 for text in ahead), "nothing was prepared at the new rate"
    )


async def test_a_restarted_server_keeps_the_pace(stage: Stage) -> None:
    record = await stage.create(strict_flow())
    peer = await stage.join(record)
    usual = milliseconds_a_word(await asked(peer))
    peer.send_message(Pace(0.8, extra_time=True))
    peer.send_message(Text("bananas"))
    await eventually(lambda: len(peer.received(Speech)) > 1, "the question was not asked again")
    await stage.registry.close()
    assert "PaceChosen" in [line.event.get("type") for line in await stage.store.journal(record.id)]

    stage.registry = stage.new_registry()
    again = await stage.join(record)
    slow = milliseconds_a_word(await asked(again))
    assert slow == round(usual / 0.8)
