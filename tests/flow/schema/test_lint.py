"""Advice on valid flows: each rule speaks when it should, and keeps quiet about a flow that follows the patterns."""

import time
from typing import Any

import pytest

from conversation.flow.schema.check import check_flow
from tests.scores.flows import conversation, strict_flow

Json = dict[str, Any]

GREETING = (
    "Say: Hello, and welcome to the bank. I will ask you a few things and then look at your face, which takes a minute."
)


def start(target: str) -> Json:
    return {"id": "start", "type": "start", "outcome": target}


def talk(node_id: str, prompt: str, target: str, *, reply: bool = False) -> Json:
    return conversation(node_id, prompt, ("go", target, ""), reply=reply)


def live(target: str, other: str = "sorry", **outcomes: str) -> Json:
    ways = {"livenessDetected": target, "deepfakeDetected": other, "noFace": other, "inconclusive": other}
    return {"id": "live", "type": "liveness_detection", "outcomes": ways | outcomes}


def good_flow() -> list[Json]:
    """A flow by the book."""
    return [
        start("hello"),
        talk("hello", GREETING, "live"),
        live("ask"),
        conversation(
            "ask",
            "Ask the user whether they want to open an account.",
            ("yes", "bye", "The user wants to open an account"),
            ("no", "bye", "The user does not want to open an account"),
            ("none", "sorry", "No answer after three attempts"),
        ),
        talk("bye", "Say: Thank you. Goodbye!", "end"),
        talk("sorry", "Say: We could not finish this. Goodbye!", "end"),
        {"id": "end", "type": "end"},
    ]


def changed(**nodes: Any) -> list[Json]:
    """The good flow with fields of some nodes replaced."""
    return [node | nodes.get(node["id"], {}) for node in good_flow()]


def advice(flow: list[Json], provided: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """(rule, sentence) of each warning."""
    check = check_flow(flow, provided=provided)
    assert check.problems == ()
    return [(rule, text) for rule, text in (warning.removeprefix("[").split("] ", 1) for warning in check.warnings)]


def test_a_flow_by_the_book_gets_no_advice() -> None:
    assert advice(good_flow(), ()) == []


@pytest.mark.parametrize(
    ("flow", "rule", "node"),
    [
        (changed(hello={"prompt": "Say: Hi."}), "camera_feed", "live"),
        (changed(start={"outcome": "live"})[:1] + good_flow()[2:], "camera_feed", "live"),
        (changed(start={"outcome": "live"})[:1] + good_flow()[2:], "greeting", "live"),
        (changed(live={"outcomes": live("ask", noFace="ask")["outcomes"]}), "liveness_route", "live"),
        (changed(live={"outcomes": live("ask", inconclusive="ask")["outcomes"]}), "liveness_route", "live"),
        (changed(bye={"doesNotRequireReply": False}), "farewell", "bye"),
        (changed(bye=conversation("bye", "Say: Bye!", ("a", "end", ""), ("b", "end", "x"), reply=False)), "farewell",
         "bye"),
        (changed(bye=conversation("bye", "Say: Bye!", ("a", "end", "They agree"), reply=False)), "farewell", "bye"),
        (changed(ask={"prompt": "Ask the user for their name, and if they refuse tell them goodbye, otherwise thank "
                                "them."}), "branching_prompt", "ask"),
        (strict_flow(), "open_goal", "ask"),
        (changed(hello={"prompt": GREETING + " {{name}}"}), "placeholder", "hello"),
        (changed(bye={"prompt": "Say: Muchas gracias por su ayuda, que tenga un buen día. Adiós."}),
         "authoring_language", "bye"),
    ],
)  # fmt: skip
def test_each_rule_names_the_node(flow: list[Json], rule: str, node: str) -> None:
    assert any(found == rule and f"'{node}'" in text for found, text in advice(flow)), advice(flow)


def test_one_short_path_is_enough_for_the_camera_advice() -> None:
    flow = good_flow()
    flow[1] = conversation("hello", GREETING, ("a", "live", "The user agrees"), ("b", "hello2", "No answer"))
    flow.insert(2, talk("hello2", "Say: All right.", "live"))
    assert advice(flow) == []
    flow[0] = start("short")
    flow.insert(1, conversation("short", "Say: Hi?", ("a", "hello", "The user agrees"), ("b", "live", "No answer")))
    assert [rule for rule, _ in advice(flow)] == ["camera_feed"]


def test_a_code_form_keeps_the_camera_on_and_one_video_node_feeds_the_next() -> None:
    code: Json = {"id": "code", "type": "two_factor_email"}
    code["outcomes"] = dict.fromkeys(("verified", "delivery_failed", "failed_unverified", "cancelled", "error"), "live")
    flow = [start("hello"), talk("hello", "Say: Hi.", "code"), code, *good_flow()[2:]]
    assert advice(flow) == []
    known = {"id": "known", "type": "recognition"}
    known["outcomes"] = {"recognized": "live", "newUser": "live", "noFace": "sorry"}  # type: ignore[assignment]
    flow = [start("hello"), talk("hello", "Say: Hi.", "known"), known, *good_flow()[2:]]
    assert [(rule, "'known'" in text) for rule, text in advice(flow)] == [("camera_feed", True)]


def document(target: str) -> Json:
    ways = {"scanSuccess": target, "userCancelled": "sorry", "scanTimeout": "sorry"}
    return {
        "id": "paper",
        "type": "document_scan",
        "scanningMode": "single",
        "allowedDocumentTypes": ["passport"],
        "outcomes": ways,
    }


def captured(target: str, **settings: Any) -> Json:
    ways = {"passed": target, "notPassed": "sorry", "cancelled": "sorry", "error": "sorry"}
    return {"id": "capture", "type": "face_scan", "outcomes": ways} | settings


def comparing(source_a: Json, source_b: Json) -> Json:
    ways = {"match": "ask", "noMatch": "sorry", "imageUnavailable": "sorry"}
    return {"id": "compare", "type": "face_compare", "sourceA": source_a, "sourceB": source_b, "outcomes": ways}


def test_faces_of_documents_need_no_camera_but_two_sources() -> None:
    compare = comparing({"source": "documentPhoto"}, {"source": "providedData", "providedDataKey": "badge"})
    flow = [start("hello"), talk("hello", "Say: Hi.", "paper"), document("compare"), compare, *good_flow()[3:]]
    assert advice(flow) == []
    compare["sourceB"] = compare["sourceA"]
    assert [rule for rule, _ in advice(flow)] == ["same_picture"]


def test_a_picture_must_be_taken_before_it_is_compared_with() -> None:
    compare = comparing({"source": "documentPhoto"}, {"source": "faceScan"})
    rest = good_flow()[3:]
    found = advice([start("hello"), talk("hello", GREETING, "capture"), captured("compare"), compare, *rest])
    assert [(rule, "'documentPhoto'" in text) for rule, text in found] == [("missing_picture", True)]
    ways = conversation("hello", GREETING, ("a", "paper", "The user has one"), ("b", "compare", "No answer"))
    found = advice([start("capture"), captured("hello"), ways, document("compare"), compare, *rest])
    assert "missing_picture" in [rule for rule, _ in found], "one path without it is enough"
    found = advice([start("hello"), talk("hello", GREETING, "capture"), captured("paper"), document("compare"), compare,
                    *rest])  # fmt: skip
    assert found == []
    del compare["sourceA"], compare["sourceB"]
    found = advice([start("hello"), talk("hello", GREETING, "compare"), compare, *rest])
    expected = ["missing_picture", "portrait_without_liveness"]
    assert [rule for rule, _ in found] == expected, "a document is what it compares with by itself"


def test_a_portrait_is_compared_with_a_person_who_was_proved_to_live() -> None:
    compare = comparing({"source": "sessionVideo"}, {"source": "documentPhoto"})
    live = good_flow()[2]
    live["outcomes"] = dict.fromkeys(live["outcomes"], "sorry") | {"livenessDetected": "paper"}
    rest = good_flow()[3:]
    guarded = [start("hello"), talk("hello", GREETING, "live"), live, document("compare"), compare, *rest]
    assert advice(guarded) == []
    bare = [start("hello"), talk("hello", GREETING, "paper"), document("compare"), compare, *rest]
    assert [(rule, "'compare'" in text) for rule, text in advice(bare)] == [("portrait_without_liveness", True)]
    plain = [start("hello"), talk("hello", GREETING, "capture"), captured("paper"), *bare[2:]]
    assert [rule for rule, _ in advice(plain)] == ["portrait_without_liveness"], "a capture proves no life"
    plain[2] = captured("paper", requireLivenessChallenge=True)
    assert advice(plain) == []


def test_a_reference_that_the_session_does_not_bring() -> None:
    scan = captured("ask", referenceImageKey="passport")
    flow = [start("hello"), talk("hello", GREETING, "capture"), scan, *good_flow()[3:]]
    assert advice(flow) == [], "what a session brings is not known"
    assert advice(flow, ("passport",)) == []
    assert [(rule, "'passport'" in text) for rule, text in advice(flow, ("Passport",))] == [("missing_picture", True)]
    call = {"id": "call", "type": "external_call", "request": {"url": "https://example.org"}, "outcome": "hello"}
    assert advice([start("call"), call, *flow[1:]], ()) == [], "the integrator's server may bring it"
    compare = comparing({"source": "sessionVideo"}, {"source": "providedData", "providedDataKey": "badge"})
    found = advice([start("hello"), talk("hello", GREETING, "compare"), compare, *good_flow()[3:]], ())
    assert [rule for rule, _ in found] == ["missing_picture"]


def test_an_unclear_age_is_no_success() -> None:
    age = {"id": "age", "type": "age_estimation", "outcomes": {"success": "ask", "failure": "sorry", "unclear": "ask"}}
    flow = [start("hello"), talk("hello", GREETING, "age"), age, *good_flow()[3:]]
    assert [(rule, "'unclear'" in text) for rule, text in advice(flow)] == [("liveness_route", True)]


def test_placeholders_are_checked_when_the_data_is_known() -> None:
    flow = changed(hello={"prompt": GREETING + " This is about order {order}, {name}."})
    assert advice(flow) == []
    assert [rule for rule, _ in advice(flow, ())] == ["placeholder"]
    assert advice(flow, ("Order",)) == []
    call = {"id": "call", "type": "external_call", "request": {"url": "https://example.org"}, "outcome": "hello"}
    assert advice([start("call"), call, *flow[1:]], ()) == []


def after_a_document(node: Json) -> list[Json]:
    """A flow in which a node on data follows a scan."""
    return [start("hello"), talk("hello", GREETING, "paper"), document(node["id"]), node, *good_flow()[4:]]


@pytest.mark.parametrize(
    ("field", "action", "rules"),
    [
        ("age", "greater_or_equal", []),
        ("dateOfBirth", "exists", []),
        ("dateOfExpiry", "equals", []),
        ("lastName", "matches", []),
        ("dateOfBirth", "less_than", ["document_field"]),
        ("documentClassInfo", "exists", ["document_field"]),
    ],
)
def test_what_of_a_document_can_be_compared(field: str, action: str, rules: list[str]) -> None:
    node: Json = {"id": "data", "type": "data_validation"}
    node["validation"] = {"field": field, "action": action, "value": "18"}
    node["outcomes"] = [{"id": "a", "targetNodeId": "bye", "condition": ""}]
    assert [rule for rule, _ in advice(after_a_document(node))] == rules


def test_a_field_condition_does_not_see_documents() -> None:
    rule = {"left": {"source": "extractedData", "field": "lastName"}, "operator": "exists", "outcome": "bye"}
    node: Json = {"id": "data", "type": "field_condition", "rules": [rule], "default": "bye"}
    assert [(found, "'lastName'" in text) for found, text in advice(after_a_document(node))] == [
        ("document_field", True)
    ]
    rule["left"] = {"source": "extractedData", "field": "plan"}
    assert advice(after_a_document(node)) == []


def test_a_whole_flow_in_another_language() -> None:
    flow = [
        start("hola"),
        talk("hola", "Say: Hola, buenos días. Necesito hacerle unas preguntas por favor.", "fin"),
        talk("fin", "Say: Muchas gracias por su ayuda, que tenga un buen día.", "end"),
        {"id": "end", "type": "end"},
    ]
    assert [rule for rule, _ in advice(flow)] == ["authoring_language"]


def test_a_large_flow_is_checked_quickly() -> None:
    """5,000 nodes, 2,000 deep and more: 1 s is the goal; the bound leaves room for a busy machine."""
    count = 4_998
    flow: list[Json] = [start("n0")]
    for index in range(count):
        near, far = f"n{index + 1}", f"n{min(index + 2, count)}"
        ways = (("a", near, "The user gave their name"), ("b", far, "The user refuses"))
        flow.append(conversation(f"n{index}", "Ask the user for their full name.", *ways))
    flow.append({"id": f"n{count}", "type": "end"})
    began = time.perf_counter()
    check = check_flow(flow)
    assert check.problems == ()
    assert time.perf_counter() - began < 5
    for node in flow[2_500:-10]:
        node["outcomes"][1]["targetNodeId"] = "n1"
    began = time.perf_counter()
    check = check_flow(flow)
    assert {problem.rule for problem in check.problems} == {"acyclic"}
    assert time.perf_counter() - began < 5
