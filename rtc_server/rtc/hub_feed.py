"""What one peer gives to the hub of its call, and what it is asked for from there."""

import asyncio

from aiortc import MediaStreamTrack, RTCPeerConnection
from aiortc.rtp import RtpPacket

from rtc_server.rtc import seams
from rtc_server.rtc.hub import AudioPacket, EncodedFrame, MediaHub, VideoCodec


class HubFeed:
    """The peer's side of a MediaHub; without a hub it does nothing."""

    def __init__(self, hub: MediaHub | None, connection: RTCPeerConnection) -> None:
        self._hub = hub
        self._connection = connection
        self._asking: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Take the hub over; to be called when the offer is answered."""
        if self._hub is not None:
            self._hub.attach(self)
            codec = seams.first_video_codec(self._connection)
            if codec is not None:
                self._hub.use_video_codec(VideoCodec(codec))

    def close(self) -> None:
        """Leave the hub to the next peer."""
        if self._hub is not None:
            self._hub.detach(self)
        for task in self._asking:
            task.cancel()

    def take_track(self, track: MediaStreamTrack) -> None:
        """Show the frames of this track, if it is a camera's, before they are decoded."""
        if self._hub is None or track.kind != "video":
            return
        for receiver in self._connection.getReceivers():
            if receiver.track is track:
                seams.tap_video(receiver, self._video, self._gap)

    def user_packet(self, packet: RtpPacket) -> None:
        """A packet of the person's microphone came."""
        if self._hub is not None and self._hub.feeds(self):
            self._hub.user_audio(AudioPacket(packet.payload, packet.timestamp, packet.sequence_number))

    def avatar_packet(self, packet: AudioPacket) -> None:
        """A packet of what the person is told goes out."""
        if self._hub is not None and self._hub.feeds(self):
            self._hub.avatar_audio(packet)

    def request_key_frame(self) -> None:
        """Send a picture loss indication to the person's browser."""
        task = asyncio.ensure_future(self._request_key_frame())
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _request_key_frame(self) -> None:
        for transceiver in self._connection.getTransceivers():
            if transceiver.kind == "video":
                await seams.request_key_frame(transceiver.receiver)

    def _video(self, codec: str, data: bytes, timestamp: int) -> None:
        if self._hub is not None and self._hub.feeds(self):
            self._hub.video(EncodedFrame(data, timestamp, VideoCodec(codec)))

    def _gap(self) -> None:
        if self._hub is not None and self._hub.feeds(self):
            self._hub.interrupted()
