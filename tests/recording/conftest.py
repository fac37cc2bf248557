"""A studio with a real store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rtc_server.recording import backlog
from tests.recording.studio import Studio, open_studio


@pytest.fixture
async def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Studio]:
    """Its clock may run ahead of the disk: tests of the backlog set their own limit."""
    monkeypatch.setattr(backlog, "MAX_BACKLOG_SECONDS", 10_000.0)
    opened = await open_studio(tmp_path)
    yield opened
    await opened.stores.close()
