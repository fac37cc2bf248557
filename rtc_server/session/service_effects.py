"""Carries out what a flow asks of the outside: sending codes, comparing them, calling the integrator's server.

Each command is answered by its event, whatever happens, so that no flow waits for nothing.
"""

import logging
import time

from conversation.flow import commands
from conversation.flow import events as flow
from rtc_server.observe.failures import log_failure
from rtc_server.session.line import Post
from rtc_server.session.ports import Services
from rtc_server.session.provided import with_stored_pictures
from rtc_server.session.tasks import Tasks
from rtc_server.storage.ports import SessionRecord

ServiceCommand = commands.SendCode | commands.CheckCode | commands.CallExternal

logger = logging.getLogger(__name__)


class ServiceEffects:
    """What a session reaches through its services."""

    def __init__(self, services: Services, record: SessionRecord, post: Post, language: str) -> None:
        self._services = services
        self._record = record
        self._post = post
        self._language = language
        self._tasks = Tasks("service-effect")

    def carry_out(self, command: ServiceCommand) -> None:
        """One command."""
        match command:
            case commands.SendCode():
                self._tasks.start(self._send_code(command))
            case commands.CheckCode():
                matches = self._services.codes.matches(
                    self._record.id, command.sent_request_id, command.digest, command.candidate
                )
                self._post(flow.CodeChecked(command.request_id, matches))
            case commands.CallExternal():
                self._tasks.start(self._call(command))

    async def close(self) -> None:
        """Stop what is going on."""
        await self._tasks.close()

    async def _send_code(self, command: commands.SendCode) -> None:
        digest, failure = "", "unavailable"
        try:
            sent = await self._services.codes.send(
                self._record,
                command.request_id,
                channel=command.channel,
                contact=command.contact,
                code_length=command.code_length,
                valid_seconds=command.valid_seconds,
                template=command.template,
                user_name=command.user_name,
                language=self._language,
            )
            digest, failure = sent.digest, sent.failure
        except Exception as error:
            # The service does not raise by contract; if it does, the flow goes on by its outcome for failures.
            log_failure(logger, "sending a code", error)
        self._post(flow.CodeSent(command.request_id, digest, failure))

    async def _call(self, command: commands.CallExternal) -> None:
        started = time.monotonic()
        try:
            answer = await self._services.external.call(
                self._record.id,
                command.url,
                method=command.method,
                variables=command.variables,
                tries=command.tries,
            )
        except Exception as error:
            # As above.
            log_failure(logger, "calling the integrator's server", error)
            elapsed_ms = 1000 * (time.monotonic() - started)
            self._post(flow.ExternalAnswered(command.request_id, None, {}, "error", 1, elapsed_ms))
            return
        data = await with_stored_pictures(answer.data, self._services.media, self._record.id)
        self._post(
            flow.ExternalAnswered(
                command.request_id,
                answer.status,
                data,
                answer.error,
                answer.attempts,
                answer.milliseconds,
            )
        )
