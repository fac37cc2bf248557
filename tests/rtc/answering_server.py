"""A small server for test_shutdown: reads an offer from standard input, answers, and ends on SIGTERM."""

import asyncio
import json
import signal
import sys

from rtc_server.rtc.peer import Peer
from rtc_server.rtc.ports import PeerHandlers, PeerPolicy, PeerState


async def serve() -> None:
    def told(state: PeerState) -> None:
        print(json.dumps({"state": state}), flush=True)

    handlers = PeerHandlers(lambda samples, first: None, lambda message: None, told, lambda event: None)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    peer = Peer(PeerPolicy(), handlers)
    line = await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps({"answer": await peer.answer(json.loads(line))}), flush=True)
    await stopping.wait()
    await peer.close()


if __name__ == "__main__":
    asyncio.run(serve())
