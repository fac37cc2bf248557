"""``python -m bench.recording``: what recording one call costs the processor and the disk, beside the call itself."""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rtc_server.recording.recorder import Recordings
from rtc_server.recording.shelf import Keeping
from rtc_server.rtc.hub import AudioPacket, EncodedFrame, MediaHub, VideoCodec
from rtc_server.session.clock import unix_ms
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import SessionRecord
from rtc_server.storage.stores import open_stores
from tests.recording.material import pictures, sounds
from tests.storage.records import session_record

OUT = Path("bench/out/recording.md")
TRACKS = ("userVideo", "userAudio", "avatarAudio")
LOOP_SECONDS = 4
"""Of encoded material, which is sent again and again; it begins with a key frame."""
FRAME_BYTES = 10_000
"""A frame of 2 Mbit/s at 25 frames per second; what the encoder left free is filled up behind its end."""


Material = tuple[VideoCodec, list[bytes], Sequence[bytes]]
"""Frames of a camera, and packets of a voice."""


def material(codec: VideoCodec) -> Material:
    """What is sent, encoded beforehand."""
    frames = [frame.ljust(FRAME_BYTES, b"\0") for frame in pictures(LOOP_SECONDS, codec, key_every=10_000)]
    return codec, frames, sounds(LOOP_SECONDS)


async def call(hub: MediaHub, sent: Material, seconds: float) -> None:
    """A camera of 25 frames per second, and both voices, in real time."""
    codec, frames, packets = sent
    begin = time.monotonic()
    for number in range(round(seconds * 50)):
        await asyncio.sleep(max(0.0, begin + number / 50 - time.monotonic()))
        packet = AudioPacket(packets[number % len(packets)], number * 960, number & 0xFFFF)
        hub.user_audio(packet)
        hub.avatar_audio(packet)
        if number % 2 == 0:
            frame = frames[number // 2 % len(frames)]
            hub.video(EncodedFrame(frame, number * 1_800, codec))


async def measure(keeping: Keeping, sent: Material, seconds: float, sessions: list[SessionRecord]) -> float:
    """Seconds of the processor for recording these sessions at once, beyond what feeding their hubs takes."""
    used = []
    for recorded in (False, True):
        hubs = [MediaHub() for _ in sessions]
        before = time.process_time()
        recorders = [
            Recordings(keeping).recorder(hub, session, TRACKS, lambda: print("a recording failed"))
            for hub, session in zip(hubs, sessions, strict=True)
            if recorded
        ]
        await asyncio.gather(*(call(hub, sent, seconds) for hub in hubs))
        await asyncio.gather(*(recorder.stop() for recorder in recorders))
        used.append(time.process_time() - before)
    return used[1] - used[0]


async def run(seconds: float, calls: int) -> str:
    """The table."""
    rows = ["| codec | processor, % of one core per call | MB per minute and call |", "|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        files = MediaFiles(Path(folder) / "media", bytes(32))
        stores = await open_stores(f"sqlite+aiosqlite:///{folder}/bench.db", files)
        keeping = Keeping(stores.recordings, stores.media, stores.sessions, lambda media_id: {}, unix_ms)
        for number, codec in enumerate(VideoCodec):
            sessions = [session_record(number * calls + index) for index in range(calls)]
            for session in sessions:
                await stores.sessions.create_session(session)
            used = await measure(keeping, material(codec), seconds, sessions)
            kept = [part for session in sessions for part in await stores.media.media_of(session.id)]
            megabytes = sum(part.size_bytes for part in kept) / 1e6
            rows.append(f"| {codec} | {100 * used / seconds / calls:.1f} | {60 * megabytes / seconds / calls:.1f} |")
        await stores.close()
    return "\n".join(rows)


def main() -> None:
    """Print the table, and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--calls", type=int, default=4, help="at once")
    options = parser.parse_args()
    table = asyncio.run(run(options.seconds, options.calls))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(table + "\n")
    print(table)


if __name__ == "__main__":
    main()
