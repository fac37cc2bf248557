"""Reading the written replies: text files in which every node, condition and reply was put down by hand.

::

    # A comment.
    [support-001]
    ask: Do you still have the phone that's linked to this account?
    kept = The user still has the phone in their possession
    gone = The user no longer has the phone (lost, stolen, sold, broken beyond use)
    > kept: it's right here in my hand | indirect
    > gone: some kid on a moped had it off me last night | story world_knowledge
    > none: which account | question

``none`` is the label of a reply that meets no condition. What stands after the last bar are tags.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conversation.evaluate.training.data import Case

FOLDER = Path(__file__).with_name("written")
NONE = "none"

_NODE = re.compile(r"\[([a-z0-9-]+)\]")
_CONDITION = re.compile(r"([^\s:>]+) = (.+)")
_REPLY = re.compile(r"> ([^\s:]+): (.+?)(?: \| ([a-z_ ]+))?")


@dataclass(slots=True)
class _Node:
    """What has been read of a node."""

    id: str
    prompt: str = ""
    conditions: dict[str, str] = field(default_factory=dict)
    replies: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """Reply → label and tags."""

    def cases(self) -> Iterator[Case]:
        """Its replies. Raises ``ValueError``."""
        unanswered = self.conditions.keys() - {label for label, _ in self.replies.values()}
        if not self.prompt or len(self.conditions) < 2:
            raise ValueError(f"[{self.id}] needs an 'ask:' and two conditions")
        if unanswered:
            raise ValueError(f"[{self.id}] has no reply for {', '.join(sorted(unanswered))}")
        labels = list(self.conditions)
        for reply, (label, tags) in self.replies.items():
            place = None if label == NONE else labels.index(label)
            yield Case(self.id, self.prompt, tuple(self.conditions.values()), reply, place, tags)


def load_written(folder: Path = FOLDER) -> list[Case]:
    """Read the cases of all ``*.txt`` of a folder. Raises ``ValueError`` naming file and line of what is wrong."""
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise FileNotFoundError(f"there are no written replies (*.txt) in {folder}")
    cases: list[Case] = []
    seen: set[str] = set()
    for file in files:
        for node in _nodes(file):
            if node.id in seen:
                raise ValueError(f"{file.name}: [{node.id}] stands there twice")
            seen.add(node.id)
            try:
                cases.extend(node.cases())
            except ValueError as error:
                raise ValueError(f"{file.name}: {error}") from error
    return cases


def _nodes(file: Path) -> Iterator[_Node]:
    node: _Node | None = None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if begins := _NODE.fullmatch(text):
            if node is not None:
                yield node
            node = _Node(begins[1])
            continue
        problem = f"stands before the first node: '{text}'" if node is None else _add(node, text)
        if problem:
            raise ValueError(f"{file.name}:{number}: {problem}")
    if node is not None:
        yield node


def _add(node: _Node, text: str) -> str:
    """Take one line; what is wrong with it, or nothing."""
    if text.startswith("ask: "):
        node.prompt = text.removeprefix("ask: ")
    elif reply := _REPLY.fullmatch(text):
        label, said, tags = reply.groups()
        if label != NONE and label not in node.conditions:
            return f"there is no condition '{label}'"
        if said in node.replies:
            return f"the reply stands there twice: '{said}'"
        node.replies[said] = (label, tuple((tags or "").split()))
    elif condition := _CONDITION.fullmatch(text):
        if node.replies or condition[1] in node.conditions or condition[1] == NONE:
            return f"condition '{condition[1]}' comes after replies, twice, or is called '{NONE}'"
        node.conditions[condition[1]] = condition[2]
    else:
        return f"neither a condition nor a reply: '{text}'"
    return ""
