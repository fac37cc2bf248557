"""Verdicts on flows are remembered, boundedly, and never confused."""

from typing import Any

from conversation.flow.schema.check import check_flow
from rtc_server.api.ports import FlowCheck
from rtc_server.api.resources.flow_cache import MAX_CHARACTERS, FlowCheckCache
from tests.api.conftest import FLOW


class Counting:
    """The real check, counted."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, flow: Any, *, lenient: bool = False) -> FlowCheck:
        self.asked += 1
        return check_flow(flow, lenient=lenient)


def test_the_same_flow_is_judged_once() -> None:
    counting = Counting()
    cache = FlowCheckCache(counting)
    first, again = cache(FLOW), cache([dict(node) for node in FLOW])
    assert again is first
    assert counting.asked == 1
    assert first.nodes == check_flow(FLOW).nodes


def test_leniency_is_part_of_the_question() -> None:
    counting = Counting()
    cache = FlowCheckCache(counting)
    cache(FLOW)
    cache(FLOW, lenient=True)
    assert counting.asked == 2


def test_the_one_not_asked_for_longest_is_forgotten() -> None:
    counting = Counting()
    cache = FlowCheckCache(counting, size=2)
    flows: list[list[Any]] = [FLOW, [], [FLOW[0]]]
    for flow in (flows[0], flows[1], flows[0], flows[2], flows[0]):
        cache(flow)
    assert counting.asked == 3
    cache(flows[1])
    assert counting.asked == 4


def test_a_huge_flow_is_judged_but_not_kept() -> None:
    counting = Counting()
    cache = FlowCheckCache(counting)
    huge = [{"id": "x" * MAX_CHARACTERS}]
    assert cache(huge).problems
    assert cache(huge).problems
    assert counting.asked == 2


def test_anything_that_json_can_carry_can_be_asked() -> None:
    cache = FlowCheckCache(check_flow)
    flows: tuple[Any, ...] = (None, 7, "\ud800", {"nodes": None}, [[]])
    for flow in flows:
        assert cache(flow).problems
