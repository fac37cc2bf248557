"""Small flows to talk through."""

from typing import Any


def conversation(node_id: str, prompt: str, *outcomes: tuple[str, str, str], reply: bool = True) -> dict[str, Any]:
    """A conversation node; outcomes are (id, target, condition)."""
    node: dict[str, Any] = {
        "id": node_id,
        "type": "conversation",
        "prompt": prompt,
        "outcomes": [{"id": o, "targetNodeId": t, "condition": c} for o, t, c in outcomes],
    }
    return node if reply else {**node, "doesNotRequireReply": True}


def name_flow() -> list[dict[str, Any]]:
    """start → ask the name → one of two farewells → end."""
    return [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation(
            "ask",
            "Say: Hi {title}, what is your name?",
            ("given", "thanks", "The user provided their name"),
            ("missing", "sorry", "The user did not provide their name"),
        ),
        conversation("thanks", "Say: Thank you, {name}.", ("go", "end", ""), reply=False),
        conversation("sorry", "Say: Never mind.", ("go", "end", ""), reply=False),
        {"id": "end", "type": "end"},
    ]


def strict_flow() -> list[dict[str, Any]]:
    """A question whose outcomes leave no way out for somebody who never answers."""
    return [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation(
            "ask",
            "Ask the user whether they are moving house",
            ("yes", "end", "The user is moving house"),
            ("no", "end", "The user is staying where they are"),
        ),
        {"id": "end", "type": "end"},
    ]
