"""Reading recordings: any WAV file as 16 kHz mono."""

from pathlib import Path

import av
import av.error
import numpy as np

from conversation.speech.ports import SAMPLE_RATE_HZ, Samples


def read_wav(path: Path) -> Samples:
    """Return float32 [n] at 16 kHz, channels mixed to one.

    Raises ``ValueError`` when the file is not audio, ``OSError`` when it cannot be opened.
    """
    # The channels are kept here and averaged below: FFmpeg's own mix makes two equal channels 3 dB louder.
    resampler = av.AudioResampler(format="fltp", rate=SAMPLE_RATE_HZ)
    blocks: list[Samples] = []
    try:
        with av.open(str(path), mode="r") as container:
            if not container.streams.audio:
                raise ValueError("no audio in the file")
            for frame in container.decode(audio=0):
                blocks += [part.to_ndarray().mean(axis=0) for part in resampler.resample(frame)]
            blocks += [part.to_ndarray().mean(axis=0) for part in resampler.resample(None)]
    except av.error.FFmpegError as error:
        raise ValueError(f"not a readable recording ({error.strerror})") from error
    if not blocks:
        raise ValueError("the recording is empty")
    return np.concatenate(blocks).astype(np.float32, copy=False)
