"""The durable runner as such: one in a process, quick to stop, silent."""

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy.exc import OperationalError

from rtc_server.webhooks.courier import Courier
from rtc_server.webhooks.durable import AlreadyRunning, DurableRunner
from tests.webhooks.line import unix_ms


class CountingCourier:
    """Finishes everything at the first attempt, after some failures."""

    def __init__(self, failures: int = 0) -> None:
        self.attempts: list[str] = []
        self._failures = failures

    async def attempt(self, delivery_id: str) -> int | None:
        self.attempts.append(delivery_id)
        return unix_ms() if len(self.attempts) <= self._failures else None

    async def close(self) -> None:
        pass


def runner(folder: Path, courier: CountingCourier) -> DurableRunner:
    new_courier = cast("Callable[[asyncio.AbstractEventLoop], Courier]", lambda home: courier)
    return DurableRunner(f"sqlite:///{folder / 'webhooks.db'}", new_courier, unix_ms)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_delivery_is_started_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    courier = CountingCourier(failures=3)
    started = runner(tmp_path, courier)
    await started.start([])
    await asyncio.gather(*(started.start(["whd_1", "whd_2"]) for _ in range(3)))
    await until(lambda: len(courier.attempts) >= 5)
    await asyncio.sleep(0.2)
    await started.close()
    assert len(courier.attempts) == 5, "three that are not the last, and one last for each of the two"
    assert set(courier.attempts) == {"whd_1", "whd_2"}


async def test_a_second_runner_in_the_process_waits_for_the_first_to_close(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    first, second = runner(tmp_path, CountingCourier()), runner(tmp_path / "two", late := CountingCourier())
    await first.start(["whd_1"])
    with pytest.raises(AlreadyRunning):
        await second.start(["whd_2"])
    await first.close()
    await second.start(["whd_2"])
    await until(lambda: late.attempts == ["whd_2"])
    await second.close()


async def test_closing_leaves_no_thread_and_logs_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = set(threading.enumerate())
    courier = CountingCourier(failures=10**9)
    started = runner(tmp_path, courier)
    with caplog.at_level(logging.INFO):
        await started.start(["whd_1"])
        await until(lambda: len(courier.attempts) > 3)
        async with asyncio.timeout(8):
            await started.close()
            await started.close()
    left = {thread.name for thread in set(threading.enumerate()) - before if not thread.name.startswith("asyncio_")}
    assert {name for name in left if "dbos" in name or "visavis" in name} == set()
    assert [record.message for record in caplog.records if record.name.startswith(("dbos", "rtc_server"))] == []


async def test_what_is_forgotten_is_only_what_ended(tmp_path: Path) -> None:
    courier = CountingCourier()
    started = runner(tmp_path, courier)
    await started.tidy(unix_ms())
    await started.start(["whd_1"])
    await until(lambda: courier.attempts == ["whd_1"])
    await asyncio.sleep(0.2)
    await started.tidy(unix_ms() + 60_000)
    await started.start(["whd_1"])
    await until(lambda: len(courier.attempts) == 2)
    await started.close()


async def test_a_launch_that_failed_can_be_repeated(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    started = runner(folder, courier := CountingCourier())
    with pytest.raises(OperationalError):
        await started.start(["whd_1"])
    folder.mkdir()
    await started.start(["whd_1"])
    await until(lambda: courier.attempts == ["whd_1"])
    await started.close()
