"""The house rules of imports: layers, circles, purity. Deferred and type-only imports count too."""

import ast
import itertools
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PACKAGES = ("conversation", "rtc_server", "vision")

LAYERS = {
    "conversation.flow": 0,
    "conversation.turn": 0,
    "conversation.text": 0,
    "conversation.speech": 1,
    "conversation.evaluate": 1,
    "conversation.speech.listener": 2,
    "conversation.speech.rendering_cache": 2,
    "conversation.speech.speaker": 2,
    "rtc_server.crypto": 1,
    "rtc_server.storage": 1,
    "rtc_server.audit": 1,
    "rtc_server.audit.canonical": 0,
    "rtc_server.audit.chain": 0,
    "rtc_server.staff": 1,
    "rtc_server.webhooks": 1,
    "rtc_server.webhooks.payload": 0,
    "rtc_server.webhooks.schedule": 0,
    "rtc_server.webhooks.signing": 0,
    "rtc_server.weights": 1,
    "rtc_server.observe": 1,
    "rtc_server.outbound": 1,
    "rtc_server.notify": 1,
    # Vocabulary of the edges: plain values and protocols that the session speaks in.
    "rtc_server.rtc.messages": 1,
    "rtc_server.rtc.camera_messages": 1,
    "rtc_server.rtc.errors": 1,
    "rtc_server.rtc.hub": 1,
    "rtc_server.rtc.opus": 0,
    "rtc_server.rtc.timeline": 0,
    "rtc_server.recording": 1,
    "rtc_server.api.ports": 1,
    "rtc_server.console.ports": 1,
    "rtc_server.rtc.ports": 1,
    "rtc_server.session": 2,
    "rtc_server.api": 3,
    "rtc_server.console": 3,
    "rtc_server.rtc": 3,
    "rtc_server": 4,
    "conversation": 0,
    "vision": 0,
    "vision.ports": 1,
    "vision.measurement": 1,
    "vision.reading": 1,
    "vision.models": 1,
    "vision.evaluation": 2,
    "vision.pipeline": 2,
    "rtc_server.recognition": 1,
    "rtc_server.personas": 1,
    "rtc_server.insight": 1,
    "rtc_server.alerts": 1,
}
"""Longest prefix counts. A layer may import itself and what is below."""

PURE = (
    "rtc_server.audit.canonical",
    "rtc_server.audit.chain",
    "conversation.flow",
    "conversation.turn",
    "conversation.text",
    "vision.face",
    "vision.document",
    "vision.liveness",
    "vision.tracking",
    "rtc_server.webhooks.payload",
    "rtc_server.webhooks.schedule",
    "rtc_server.webhooks.signing",
    "rtc_server.alerts.rules",
    "rtc_server.alerts.wishes",
    "rtc_server.insight.facts",
    "rtc_server.insight.pdf_words",
    "rtc_server.insight.review_rule",
    "rtc_server.insight.review_steps",
    "rtc_server.insight.tally",
    "rtc_server.staff.roles",
    "rtc_server.staff.masking",
    "rtc_server.staff.lockout",
)
IMPURE_MODULES = frozenset(
    {"aiohttp", "asyncio", "io", "logging", "os", "pathlib", "random", "secrets", "socket", "subprocess",
     "tempfile", "threading", "time", "uuid"}
)  # fmt: skip


def modules() -> dict[str, ast.Module]:
    """Every module of ours by dotted name."""
    found: dict[str, ast.Module] = {}
    for package in PACKAGES:
        for file in sorted((REPOSITORY / package).rglob("*.py")):
            found[dotted(file)] = ast.parse(file.read_text(encoding="utf-8"), str(file))
    return found


def dotted(file: Path) -> str:
    parts = file.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.Module, known: set[str]) -> set[str]:
    """Everything that a module imports, at any depth; ``from package import module`` names the module."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {
                f"{node.module}.{alias.name}" if f"{node.module}.{alias.name}" in known else node.module
                for alias in node.names
            }
    return names


TREES = modules()
IMPORTS = {name: imports(tree, set(TREES)) for name, tree in TREES.items()}


def layer(name: str) -> int:
    prefixes = itertools.accumulate(name.split("."), lambda left, right: f"{left}.{right}")
    return next(LAYERS[prefix] for prefix in reversed(list(prefixes)) if prefix in LAYERS)


@pytest.mark.parametrize("name", sorted(TREES))
def test_a_module_imports_only_its_own_layer_and_those_below(name: str) -> None:
    too_high = [other for other in IMPORTS[name] if other in TREES and layer(other) > layer(name)]
    assert too_high == [], f"{name} is in layer {layer(name)}"


def test_conversation_and_vision_know_neither_each_other_nor_the_server() -> None:
    for name, imported in IMPORTS.items():
        room = name.split(".")[0]
        others = {"conversation": {"vision", "rtc_server"}, "vision": {"conversation", "rtc_server"}}.get(room, set())
        assert not {other for other in imported if other.split(".")[0] in others}, name


def test_there_is_no_circle() -> None:
    edges = {name: {other for other in imported if other in TREES} for name, imported in IMPORTS.items()}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for other in sorted(edges[name]):
                walk(other, (*trail, name))
            done.add(name)

    for name in edges:
        walk(name, ())


@pytest.mark.parametrize("name", sorted(name for name in TREES if name.startswith(PURE)))
def test_pure_rooms_have_no_clock_no_chance_and_no_outside(name: str) -> None:
    assert not {other for other in IMPORTS[name] if other.split(".")[0] in IMPURE_MODULES}


def test_pure_rooms_never_ask_what_day_it_is() -> None:
    for name, tree in TREES.items():
        if name.startswith(PURE):
            calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
            asked = [n.attr for n in calls if isinstance(n, ast.Attribute) and n.attr in ("today", "utcnow")]
            assert asked == [], name


def test_nothing_of_ours_is_imported_for_types_only() -> None:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
                body = ast.Module(body=node.body, type_ignores=[])
                assert not {o for o in imports(body, set(TREES)) if o.split(".")[0] in PACKAGES}, name


def test_own_modules_are_never_imported_late() -> None:
    for name, tree in TREES.items():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                body = ast.Module(body=function.body, type_ignores=[])
                assert not {o for o in imports(body, set(TREES)) if o.split(".")[0] in PACKAGES}, (name, function.name)


def test_every_module_and_package_says_what_it_is() -> None:
    silent = [name for name, tree in TREES.items() if not ast.get_docstring(tree)]
    assert silent == []
