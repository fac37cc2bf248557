"""The real Visavis server, as ``visavis serve`` starts it, plus one route that tells its CPU time.

python -m bench.voice_to_voice.visavis_server PORT API_KEY DATA_FOLDER
"""

import asyncio
import sys
from dataclasses import replace

from aiohttp import web

from bench.voice_to_voice.usage import usage
from rtc_server.app import build_application, serve
from rtc_server.commands.options import start_log
from rtc_server.settings import load_settings


async def main(port: int, key: str, folder: str) -> None:
    """Serve until stopped."""
    settings = replace(load_settings(), host="127.0.0.1", port=port, bootstrap_key=key, data_dir=folder)

    async def tell(request: web.Request) -> web.Response:
        return web.json_response(usage())

    def extend(app: web.Application) -> None:
        app.router.add_get("/bench/usage", tell)

    await serve(settings, await build_application(settings, extend))


if __name__ == "__main__":
    start_log("warning")
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
