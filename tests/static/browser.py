"""How the tests start Chromium."""

import os
import shutil

LAUNCH_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]
"""Fake camera and microphone; whether the page may use them is left to each context's permissions."""

SOFTWARE_GPU_FLAGS = [
    *(flag for flag in LAUNCH_FLAGS if flag != "--disable-gpu"),
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
"""WebGL drawn by the processor, for pages that need it on a machine without a GPU."""


def chromium_path() -> str | None:
    """The Chromium of this machine, or None."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name) if name else None
        if path:
            return path
    return None
