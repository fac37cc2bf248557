"""The sandbox's mailbox as the demo has it: without a key to paste, since the demo made the key itself."""

from collections.abc import Callable

import aiohttp
from aiohttp import web

from rtc_server.api.resources.mailbox import mailbox_page

TIMEOUT_SECONDS = 10.0


def demo_mailbox(api_key: str) -> Callable[[web.Application], None]:
    """An extension that mounts ``/demo/mailbox/`` and reads the mailbox with this key."""

    async def messages(request: web.Request) -> web.Response:
        url = request.url.origin() / "sandbox" / "mailbox"
        headers = {"Authorization": f"Bearer {api_key}"}
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as client, client.get(url) as response:
            return web.json_response(await response.json(), status=response.status)

    def mount(app: web.Application) -> None:
        app.router.add_get("/demo/mailbox/", mailbox_page)
        app.router.add_get("/demo/mailbox/messages", messages)

    return mount
