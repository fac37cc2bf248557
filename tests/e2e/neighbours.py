"""The servers around ours, on loopback: mail (aiosmtpd), SMS (Twilio's wire format), and the integrator's own."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.notify.mail_server import MailServer, mail_server

SECONDS = 10.0


@dataclass
class Neighbours:
    """What they got, and what the integrator answers."""

    mail: MailServer
    url: str = ""
    customer: dict[str, Any] = field(default_factory=dict)
    """Answer of ``POST /customer``."""
    questions: list[dict[str, Any]] = field(default_factory=list)
    """Bodies of ``POST /customer``, with the query's ``sessionId``."""
    messages: list[dict[str, str]] = field(default_factory=list)
    """Forms of the SMS service."""

    def mailed_code(self, index: int) -> str:
        """The code in a mail, by its place since the start; empty until it is there."""
        if len(self.mail.mails) <= index:
            return ""
        part = self.mail.mails[index].get_body(("plain",))
        assert part is not None
        return _code(part.get_content())

    def texted_code(self, index: int) -> str:
        """The code in an SMS; empty until it is there."""
        return _code(self.messages[index]["Body"]) if len(self.messages) > index else ""

    async def answer_integrator(self, request: web.Request) -> web.Response:
        """The integrator's server is asked about a customer."""
        self.questions.append({**await request.json(), "sessionId": request.query["sessionId"]})
        return web.json_response(self.customer)

    async def answer_sms(self, request: web.Request) -> web.Response:
        """An SMS is handed over."""
        self.messages.append({key: str(value) for key, value in (await request.post()).items()})
        return web.json_response({"sid": f"SM{len(self.messages)}", "status": "queued", "error_code": None}, status=201)


def _code(text: str) -> str:
    found = re.search(r"\b\d{6}\b", text)
    assert found is not None, "there is no code in the message"
    return found.group()


@contextmanager
def neighbours() -> Iterator[Neighbours]:
    """Run them on a thread with a loop of its own, beside Playwright's."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="neighbours", daemon=True)
    thread.start()
    stack = AsyncExitStack()

    async def start() -> Neighbours:
        found = Neighbours(await stack.enter_async_context(mail_server()))
        app = web.Application()
        app.router.add_post("/customer", found.answer_integrator)
        app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", found.answer_sms)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return found

    try:
        yield asyncio.run_coroutine_threadsafe(start(), loop).result(SECONDS)
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SECONDS)
        loop.close()
