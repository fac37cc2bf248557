"""The bench of the evaluator: its diagram, its table, and peers behind the evaluator's port."""

import xml.dom.minidom
from pathlib import Path

from bench.evaluator.__main__ import measure, table, written_down
from bench.evaluator.diagram import diagram
from bench.evaluator.peers import Peer
from conversation.evaluate.calibration import Bin
from conversation.evaluate.evaluation import OutcomeCase
from conversation.evaluate.ports import Condition, Question

QUESTION = Question("Shall we begin?", (Condition("yes", "The user agrees"), Condition("no", "The user refuses")))
CASES = [
    OutcomeCase(QUESTION, "sure", "yes", ("direct",), 1),
    OutcomeCase(QUESTION, "rather not", "no", ("refusal",), 2),
    OutcomeCase(QUESTION, "bah", None, ("garbage", "fr"), 3),
]


def test_the_diagram_is_well_formed_whatever_an_evaluator_is_called() -> None:
    drawn = diagram({"<b>&": (Bin(0.5, 0.4, 3), Bin(0.9, 1.0, 3)), "quiet": ()})
    document = xml.dom.minidom.parseString(drawn)
    assert [line.getAttribute("points").count(",") for line in document.getElementsByTagName("polyline")] == [2, 0]
    assert "<b>&" in [text.firstChild.data for text in document.getElementsByTagName("text") if text.firstChild]


async def test_every_row_of_the_table_judges_the_same_cases() -> None:
    always = await measure(lambda: Peer("always yes", lambda question, reply: ("yes", 0.9)), CASES)
    never = await measure(lambda: Peer("never", lambda question, reply: (None, 0.5)), CASES)
    lines = table({"always yes": always, "never": never}).splitlines()
    assert lines[2].startswith("| always yes | 33.3 [6.1, 79.2] | 66.7 ")
    assert lines[3].startswith("| never | 33.3 [6.1, 79.2] | 0.0 ")
    assert any(line.startswith("| fr | 1 | 0 [0, 79] | 100 [21, 100] |") for line in lines)


def test_stored_verdicts_are_read(tmp_path: Path) -> None:
    file = tmp_path / "held_out.jsonl"
    file.write_text('{"outcome": null, "confidence": 0.4, "reason": "abstained", "milliseconds": 0.0}\n')
    (verdict,) = written_down(file)
    assert (verdict.outcome, verdict.confidence, verdict.reason) == (None, 0.4, "abstained")
