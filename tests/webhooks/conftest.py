"""A server that receives, and a delivery line on SQLite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.receiver import Receiver, open_receiver
from tests.webhooks.line import Line, open_line


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as made:
        yield made


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    async with open_line(f"sqlite:///{tmp_path / 'visavis.db'}", f"sqlite:///{tmp_path / 'webhooks.db'}") as made:
        yield made
