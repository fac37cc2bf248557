"""Looking for what is wrong, every half minute: one task a process, however many processes share a database."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping

from rtc_server.alerts import rules
from rtc_server.alerts.rules import NOBODY, Finding
from rtc_server.alerts.sending import SENT
from rtc_server.alerts.service import Alerts, wishes_of
from rtc_server.alerts.wishes import DAY_MINUTES, AlertWishes
from rtc_server.crypto.ids import new_id
from rtc_server.observe.failures import log_failure
from rtc_server.storage.ports import AlertRecord, AlertSettingsRecord, AlertStore, FactCounts, FactStore, Owner
from rtc_server.storage.ports.owner import EVERY_TENANT

MINUTE_MS = 60_000
MAX_ATTEMPTS = 5
SEND_WITHIN_MS = 60 * MINUTE_MS
"""An alert that could not be sent within an hour is old news; the console still shows it."""

SEND_SECONDS = 60.0
"""Longest time of one pass of sending; slow servers must not keep the watch from looking."""

KEPT_MS = 90 * DAY_MINUTES * MINUTE_MS
PASSES_PER_CLEANING = 120

logger = logging.getLogger(__name__)

Counts = Mapping[Owner, FactCounts]


class AlertWatch:
    """Judges and sends every ``interval_seconds`` from ``start`` to ``close``. No failure stops it."""

    def __init__(
        self,
        facts: FactStore,
        store: AlertStore,
        alerts: Alerts,
        now_ms: Callable[[], int],
        interval_seconds: float = 30.0,
    ) -> None:
        self._facts = facts
        self._store = store
        self._alerts = alerts
        self._now_ms = now_ms
        self._interval = interval_seconds
        self._passes = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first pass is at once."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop at once; what is not sent yet is sent by the next process."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def look(self) -> int:
        """One look at all owners; how many alerts were raised."""
        settings = await self._store.all_alert_settings()
        raised = 0
        for finding, wishes in await self._findings(settings):
            alert = AlertRecord(
                id=new_id("alr_"),
                tenant=finding.owner.tenant,
                sandbox=finding.owner.sandbox,
                rule=finding.rule,
                session_id=finding.session_id,
                text=finding.text,
                figures=finding.figures,
                raised_at=self._now_ms(),
            )
            raised += await self._store.raise_alert(alert, wishes.quiet_minutes * MINUTE_MS)
        return raised

    async def send(self) -> None:
        """Try to send what has not been sent yet."""
        unsent = await self._store.unsent_alerts(self._now_ms() - SEND_WITHIN_MS, MAX_ATTEMPTS)
        if not unsent:
            return
        settings = await self._store.all_alert_settings()
        for alert in unsent:
            if await self._store.claim_alert(alert):
                channels = await self._alerts.deliver(alert, _settings_of(alert.tenant, settings))
                done = all(outcome == SENT for outcome in channels.values())
                await self._store.alert_sent(alert.id, channels, self._now_ms() if done else None)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
                async with asyncio.timeout(SEND_SECONDS):
                    await self.send()
                if self._passes % PASSES_PER_CLEANING == 0:
                    await self._store.drop_alerts(self._now_ms() - KEPT_MS)
            except Exception as error:  # one bad look must not end all looking
                log_failure(logger, "looking for alerts", error)
            self._passes += 1
            await asyncio.sleep(self._interval)

    async def _findings(self, settings: Mapping[str, AlertSettingsRecord]) -> list[tuple[Finding, AlertWishes]]:
        now_ms = self._now_ms()
        wishes = {tenant: wishes_of(record) for tenant, record in settings.items()}
        usual = wishes.get(EVERY_TENANT, AlertWishes())
        spans = {minutes for wanted in (usual, *wishes.values()) for minutes in rules.windows(wanted.rules)}
        counts = {minutes: await self._facts.counts(now_ms - minutes * MINUTE_MS, now_ms) for minutes in spans}
        jumps = {wanted.rules.failure_jump.minutes for wanted in (usual, *wishes.values())}
        before = {minutes: await self._day_before(now_ms - minutes * MINUTE_MS) for minutes in jumps}
        found: list[tuple[Finding, AlertWishes]] = []
        for owner in {owner for of_owners in counts.values() for owner in of_owners}:
            wanted = wishes.get(owner.tenant, usual)
            found += [(finding, wanted) for finding in _judge(owner, wanted, counts, before)]
        least_ms = min(wanted.rules.stuck_session.minutes for wanted in (usual, *wishes.values())) * MINUTE_MS
        for quiet in await self._facts.quiet(now_ms - least_ms + 1):
            wanted = wishes.get(quiet.owner.tenant, usual)
            finding = rules.stuck(wanted.rules.stuck_session, quiet, now_ms)
            if finding is not None and _counts_for(quiet.owner, wanted):
                found.append((finding, wanted))
        return found

    async def _day_before(self, moment_ms: int) -> Counts:
        return await self._facts.counts(moment_ms - DAY_MINUTES * MINUTE_MS, moment_ms)


def _judge(
    owner: Owner, wishes: AlertWishes, counts: Mapping[int, Counts], before: Mapping[int, Counts]
) -> Iterator[Finding]:
    if not _counts_for(owner, wishes):
        return
    wanted = wishes.rules
    attack, jump, provider = wanted.attack_burst, wanted.failure_jump, wanted.provider_errors
    findings = (
        rules.attack_burst(attack, owner, counts[attack.minutes].get(owner, NOBODY)),
        rules.provider_errors(provider, owner, counts[provider.minutes].get(owner, NOBODY)),
        rules.failure_jump(
            jump, owner, counts[jump.minutes].get(owner, NOBODY), before[jump.minutes].get(owner, NOBODY)
        ),
    )
    yield from (finding for finding in findings if finding is not None)


def _counts_for(owner: Owner, wishes: AlertWishes) -> bool:
    return wishes.sandbox or not owner.sandbox


def _settings_of(tenant: str, settings: Mapping[str, AlertSettingsRecord]) -> AlertSettingsRecord | None:
    return settings.get(tenant) or settings.get(EVERY_TENANT)
