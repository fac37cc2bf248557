"""A stage, and no waiting after the last word."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rtc_server.session import session
from tests.fakes.stage import Stage, open_stage

NAME = "My name is Maria Lopez."
REFUSAL = "I would rather not say."
OUTCOMES = {NAME: "given", REFUSAL: "missing"}


@pytest.fixture(autouse=True)
def no_farewell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The peer goes as soon as the session has ended."""
    monkeypatch.setattr(session, "FAREWELL_SECONDS", 0.0)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path, OUTCOMES) as opened:
        yield opened
