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


def one_node(node: dict[str, Any]) -> list[dict[str, Any]]:
    """start → the node, named ``it`` → an end of its own for every target that the node names."""
    names = dict.fromkeys(_targets(node))
    return [
        {"id": "start", "type": "start", "outcome": "it"},
        {"id": "it", **node},
        *({"id": name, "type": "end"} for name in names),
    ]


def _targets(node: dict[str, Any]) -> list[str]:
    outcomes = node.get("outcomes", {})
    found = list(outcomes.values()) if isinstance(outcomes, dict) else [o["targetNodeId"] for o in outcomes]
    found += [node[key] for key in ("outcome", "default") if key in node]
    found += [rule["outcome"] for rule in node.get("rules", [])]
    return found + list(node.get("awaitExternal", {}).get("exits", {}).values())


def fixed(node_type: str, *outcomes: str, **settings: Any) -> list[dict[str, Any]]:
    """A flow of one node whose outcomes lead to ends named ``to_<outcome>``."""
    return one_node({"type": node_type, "outcomes": {name: f"to_{name}" for name in outcomes}, **settings})


def two_factor(channel: str = "email", **settings: Any) -> list[dict[str, Any]]:
    """A flow of one two_factor node."""
    names = ("verified", "delivery_failed", "failed_unverified", "cancelled", "error")
    return fixed(f"two_factor_{channel}", *names, **settings)
