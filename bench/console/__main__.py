"""``python -m bench.console``: the list of running sessions in a real Chromium, with many of them, and what it costs.

Real sessions talk in this process (``bench.console.crowd``); the console is served by it too. Windows without a list,
with one, and with several open follow each other.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bench.console.crowd import link_static, open_crowd
from rtc_server.console.access import COOKIE
from rtc_server.rtc.ports import PeerPolicy
from rtc_server.rtc.viewers import Viewers
from rtc_server.session.supervision import Supervision
from rtc_server.staff.roles import Role
from rtc_server.storage.stores import open_stores
from tests.fakes.console_edge import ConsoleEdge, open_console
from tests.static.browser import LAUNCH_FLAGS, chromium_path

SESSIONS = 200
LISTS = (0, 1, 5)
SECONDS = 20.0
SETTLE_SECONDS = 3.0
GATHERED_SECONDS = 120.0
"""How long everybody may take to come."""
OUT = Path("bench/out/console.md")
GOAL_MS = 300

WATCH_ROWS = """() => {
  const keyOf = (row) =>
    row.querySelector(".state [data-tone]")?.dataset.tone + " " + row.querySelector(".node span")?.textContent;
  const shown = new Map();
  window.drawn = [];
  const note = (row) => {
    const id = row.dataset.id;
    const key = keyOf(row);
    if (!id || shown.get(id) === key) return;
    shown.set(id, key);
    drawn.push([id, key, performance.timeOrigin + performance.now()]);
  };
  const rows = document.querySelector(".rows");
  new MutationObserver((changes) => {
    const touched = new Set();
    for (const { target, addedNodes } of changes)
      for (const node of [target, ...addedNodes]) {
        const element = node instanceof Element ? node : node.parentElement;
        const row = element?.closest(".rows > .row");
        if (row) touched.add(row);
      }
    touched.forEach(note);
  }).observe(rows, { subtree: true, childList: true, characterData: true, attributeFilter: ["data-tone"] });
  rows.querySelectorAll(".row").forEach(note);
  window.drawn = [];
}"""
"""Note when a row shows another state or node than before: [session, state and node, Unix milliseconds]."""

Moment = tuple[str, str, float]
"""A session, its state and node, and when that was so: Unix milliseconds."""


@dataclass
class Window:
    """One stretch of measuring."""

    lists: int
    cores: float
    resident_mib: float
    changes: int
    """Of a state or a node, of all sessions."""
    stale_ms: list[float] = field(default_factory=list)
    """How long each row that changed showed what was not so any more."""
    page_share: float = 0.0
    """Share of the time for which the page's main thread worked, of one list."""
    page_mib: float = 0.0
    """Heap of scripts, of one list."""


class Changes:
    """What really changed, and when."""

    def __init__(self, supervision: Supervision) -> None:
        self._supervision = supervision
        self._shown: dict[str, str] = {}
        self.moments: list[Moment] = []
        supervision.on_change(self._note)

    def _note(self, session_id: str) -> None:
        summary = self._supervision.summary(session_id)
        key = f"{summary['state']} {summary['nodeId']}" if summary is not None else ""
        if self._shown.get(session_id) != key:
            self._shown[session_id] = key
            self.moments.append((session_id, key, time.time() * 1000))


def staleness(changes: Sequence[Moment], drawn: Sequence[Moment], until_ms: float) -> list[float]:
    """Milliseconds for which rows were out of date: from the first change that a row did not show to the drawing that
    followed. Rows that are still out of date at the end count with what it has been so far."""
    seen = [(at, 1, one, key) for one, key, at in drawn if at <= until_ms]
    events = sorted([(at, 0, one, key) for one, key, at in changes] + seen)
    true: dict[str, tuple[str, float]] = {}
    shown: dict[str, str] = {}
    since: dict[str, float] = {}
    found = []
    for at, is_drawn, one, key in events:
        if is_drawn:
            shown[one] = key
            if one in since:
                found.append(at - since.pop(one))
        else:
            true[one] = (key, at)
        truth, changed_at = true.get(one, ("", 0.0))
        if not truth or shown.get(one, "") in ("", truth):
            since.pop(one, None)
        else:
            since.setdefault(one, changed_at)
    return found + [until_ms - at for at in since.values()]


class Hall:
    """A server full of calls, and people who read its list."""

    def __init__(self, edge: ConsoleEdge, supervision: Supervision, browser: Browser) -> None:
        self._edge = edge
        self._changes = Changes(supervision)
        self._browser = browser
        self._token = ""

    async def open_list(self) -> tuple[BrowserContext, Page]:
        """One more list, in a browser of its own."""
        if not self._token:
            self._token = (await self._edge.tab(Role.SUPERVISOR)).token
        context = await self._browser.new_context(viewport={"width": 1440, "height": 900})
        cookie: Any = {"name": COOKIE, "value": self._token, "url": self._edge.origin.replace("http:", "https:")}
        await context.add_cookies([cookie | {"secure": True, "httpOnly": True, "sameSite": "Strict"}])
        page = await context.new_page()
        await page.goto(f"{self._edge.origin}/console/#/live")
        await page.locator(".rows > .row").first.wait_for()
        await page.evaluate(WATCH_ROWS)
        return context, page

    async def measure(self, lists: int, seconds: float) -> Window:
        """One window with so many lists, which are closed at its end."""
        opened = [await self.open_list() for _ in range(lists)]
        await asyncio.sleep(SETTLE_SECONDS)
        meters = [await context.new_cdp_session(page) for context, page in opened]
        for meter in meters:
            await meter.send("Performance.enable")
        before = [await _metrics(meter) for meter in meters]
        self._changes.moments.clear()
        cpu, started = time.process_time(), time.monotonic()
        await asyncio.sleep(seconds)
        elapsed = time.monotonic() - started
        cores = (time.process_time() - cpu) / elapsed
        changes, until_ms = list(self._changes.moments), time.time() * 1000
        window = Window(lists, cores, _resident_mib(), len(changes))
        for (context, page), meter, first in zip(opened, meters, before, strict=True):
            window.stale_ms += staleness(changes, await page.evaluate("drawn"), until_ms)
            last = await _metrics(meter)
            window.page_share += (last["TaskDuration"] - first["TaskDuration"]) / elapsed / lists
            window.page_mib += last["JSHeapUsedSize"] / 2**20 / lists
            await context.close()
        return window


async def _metrics(meter: Any) -> dict[str, float]:
    answer = await meter.send("Performance.getMetrics")
    return {metric["name"]: metric["value"] for metric in answer["metrics"]}


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@asynccontextmanager
async def opened_hall(people: int) -> AsyncIterator[Hall]:
    """Once everybody is in their call."""
    program = chromium_path()
    if program is None:
        sys.exit("no Chromium on this machine (Debian: apt install chromium)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        link_static(folder)
        stores = await open_stores(f"sqlite:///{folder / 'visavis.db'}")
        async with open_crowd(stores, people) as crowd, async_playwright() as playwright:
            supervision = Supervision(crowd.registry, Viewers(PeerPolicy()))
            async with open_console(folder, supervision, shared=stores) as edge:
                browser = await playwright.chromium.launch(executable_path=program, args=LAUNCH_FLAGS)
                hall = Hall(edge, supervision, browser)
                crowd.start()
                async with asyncio.timeout(GATHERED_SECONDS):
                    while len(supervision.summaries()) < people:  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
                yield hall
                await browser.close()
                await supervision.close()
        await stores.close()


def report(people: int, windows: Sequence[Window], seconds: float, load: float) -> str:
    """The table."""
    alone = next((window.cores for window in windows if not window.lists), 0.0)
    lines = [
        f"{people} sessions, {seconds:g} s each, load before {load:.1f}",
        "",
        "| lists | cores of the server | added | server MiB | changes/s | row out of date, p50 ms | p95 ms | most ms "
        "| main thread of a list | its heap MiB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for window in windows:
        first = f"| {window.lists} | {window.cores:.2f} | {window.cores - alone:+.2f} | {window.resident_mib:.0f} "
        first += f"| {window.changes / seconds:.0f} "
        if window.stale_ms:
            p50, p95 = statistics.median(window.stale_ms), statistics.quantiles(window.stale_ms, n=20)[-1]
            first += f"| {p50:.0f} | **{p95:.0f}** | {max(window.stale_ms):.0f} "
            first += f"| {window.page_share:.0%} | {window.page_mib:.0f} |"
        else:
            first += "| | | | | |"
        lines.append(first)
    return "\n".join([*lines, "", f"The goal is {GOAL_MS} ms at the 95th percentile."]) + "\n"


async def run(people: int, lists: Sequence[int], seconds: float) -> str:
    """All windows, one after the other."""
    load = os.getloadavg()[0]
    async with opened_hall(people) as hall:
        await asyncio.sleep(SETTLE_SECONDS)
        windows = [await hall.measure(count, seconds) for count in lists]
    return report(people, windows, seconds, load)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.console", description=__doc__)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--lists", type=int, nargs="+", default=LISTS, help="how many lists are open in each window")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="length of a window")
    arguments = parser.parse_args()
    text = asyncio.run(run(arguments.sessions, arguments.lists, arguments.seconds))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
