"""Recordings through the eyes of a call: the frames of a file at the pace of a check, each scored."""

from collections.abc import Iterator
from pathlib import Path

import av

from vision.pipeline.eye import Eye, Look, Models
from vision.pipeline.pace import LIKENESS_SECONDS, Wishes

FRAMES_PER_SECOND = 15.0
"""As a check looks at them."""

LIMIT_SECONDS = 60.0
"""Nothing longer is looked at: no check takes longer."""

_EARLY_SECONDS = 0.25 / FRAMES_PER_SECOND
"""A frame is taken this much before its time: timestamps of 30 fps fall beside multiples of 1/15 s."""


def look_at(file: Path, models: Models) -> Iterator[Look]:
    """Every look at a clip or picture, in order, as if it were a camera; texture on each frame, likeness each second.

    Raises OSError when the file cannot be opened, ValueError when it holds no picture.
    """
    eye = Eye(models)
    try:
        with av.open(str(file)) as container:
            if not container.streams.video:
                raise ValueError(f"{file.name} holds no picture")
            yield from _looks(container, eye)
    except av.FFmpegError as error:
        raise OSError(f"{file.name} cannot be read: {type(error).__name__}") from error
    finally:
        eye.close()


def _looks(container: av.container.InputContainer, eye: Eye) -> Iterator[Look]:
    due = likeness_due = 0.0
    for frame in container.decode(video=0):
        at = float(frame.time or 0.0)
        if at > LIMIT_SECONDS:
            return
        if at + _EARLY_SECONDS < due:
            continue
        due = at + 1 / FRAMES_PER_SECOND
        look = eye.look(frame, at, Wishes(texture=True, likeness=at >= likeness_due))
        if "likeness" in look.used:
            likeness_due = at + LIKENESS_SECONDS
        yield look
