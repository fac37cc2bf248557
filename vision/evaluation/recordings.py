"""Recordings through the eyes of a call: the frames of a file at the pace of a call, each looked at in full."""

from collections.abc import Iterator
from pathlib import Path

import av

from vision.pipeline.eye import Eye, Look, Models
from vision.pipeline.pace import Wishes

FRAMES_PER_SECOND = 15.0
"""As a check looks at them."""

LIMIT_SECONDS = 60.0
"""Nothing longer is looked at: no check takes longer."""


def look_at(file: Path, models: Models, wishes: Wishes) -> Iterator[Look]:
    """Every look at a clip or picture, in order, as if it were a camera.

    Raises OSError when the file cannot be opened, ValueError when it holds no picture.
    """
    eye = Eye(models)
    try:
        with av.open(str(file)) as container:
            if not container.streams.video:
                raise ValueError(f"{file.name} holds no picture")
            yield from _looks(container, eye, wishes)
    except av.FFmpegError as error:
        raise OSError(f"{file.name} cannot be read: {type(error).__name__}") from error
    finally:
        eye.close()


def _looks(container: av.container.InputContainer, eye: Eye, wishes: Wishes) -> Iterator[Look]:
    due = 0.0
    for frame in container.decode(video=0):
        at = float(frame.time or 0.0)
        if at > LIMIT_SECONDS:
            return
        # A little early rather than not at all: timestamps of 30 fps fall beside multiples of 1/15 s.
        if at + 0.5 / FRAMES_PER_SECOND / 2 < due:
            continue
        due = at + 1 / FRAMES_PER_SECOND
        yield eye.look(frame, at, wishes)
