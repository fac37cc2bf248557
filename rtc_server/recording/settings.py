"""Settings of recording: off, and on track by track."""

from dataclasses import dataclass

from rtc_server.storage.ports import AVATAR_AUDIO, USER_AUDIO, USER_VIDEO

TRACKS = (USER_VIDEO, USER_AUDIO, AVATAR_AUDIO)
"""What can be recorded: the person's camera, their microphone, and what they are told by avatar or agent."""


@dataclass(frozen=True, slots=True)
class RecordingSettings:
    """What this server may record, of people who have agreed to it on the page."""

    user_video: bool = False
    """The person's camera."""
    user_audio: bool = False
    """The person's microphone."""
    avatar_audio: bool = False
    """What the person is told, by the avatar or by an agent."""

    @property
    def tracks(self) -> tuple[str, ...]:
        """Those of ``TRACKS`` that are on."""
        wanted = (self.user_video, self.user_audio, self.avatar_audio)
        return tuple(track for track, on in zip(TRACKS, wanted, strict=True) if on)
