"""Private names of aiortc 1.16.0 and aioice 0.13.0 are touched here and in ``socket_seams.py`` only, each with its why.

Both versions are pinned; ``missing_seams`` tells a test when an upgrade moves something. Nothing is patched globally:
every function changes one object of one peer.
"""

import time
from collections.abc import Callable
from typing import Any

import aioice.ice
import aioice.stun
import aioice.turn
from aiortc import RTCDataChannel, RTCPeerConnection, RTCRtpReceiver, RTCRtpSender
from aiortc.jitterbuffer import JitterBuffer as AiortcJitterBuffer
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpreceiver import NackGenerator
from aiortc.rtp import RtpPacket

_CODECS = "_RTCRtpReceiver__codecs"
_JITTER_BUFFER = "_RTCRtpReceiver__jitter_buffer"
_NACK = "_RTCRtpReceiver__nack_generator"
_STOP_DECODER = "_RTCRtpReceiver__stop_decoder"
_RTP_TIMESTAMP = "_RTCRtpSender__rtp_timestamp"
_VIDEO_CAPACITY = 512


class _PacketTap:
    """Stands where aiortc's audio jitter buffer was; never gives it a frame, so its decoder thread stays idle."""

    capacity = 0

    def __init__(self, on_packet: Callable[[RtpPacket], None]) -> None:
        self._on_packet = on_packet

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        self._on_packet(packet)
        return False, None


def tap_audio(receiver: RTCRtpReceiver, on_packet: Callable[[RtpPacket], None]) -> None:
    """Hand every audio packet to us instead of to aiortc's buffer.

    That buffer holds four frames back on a clean network, and after one loss every frame is 200 ms late for the rest
    of the call (aiortc#543). RTCP reports and statistics stay aiortc's: they are made before this point.
    """
    setattr(receiver, _JITTER_BUFFER, _PacketTap(on_packet))


def sent_timestamp(sender: RTCRtpSender) -> int:
    """RTP timestamp of the packet sent last. Its random origin is a local variable of aiortc's sending loop."""
    timestamp: int = getattr(sender, _RTP_TIMESTAMP)
    return timestamp


class _VideoTap(AiortcJitterBuffer):
    """aiortc's video buffer, which tells of each frame that it completes before that goes to the decoder."""

    def __init__(self, on_frame: Callable[[int, bytes, int], None], on_gap: Callable[[], None]) -> None:
        super().__init__(capacity=_VIDEO_CAPACITY, is_video=True)
        self._on_frame = on_frame
        self._on_gap = on_gap

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        lost, frame = super().add(packet)
        if lost:
            self._on_gap()
        if frame is not None:
            self._on_frame(packet.payload_type, frame.data, frame.timestamp)
        return lost, frame

    def emptied(self) -> "_VideoTap":
        """A fresh one in its place."""
        self._on_gap()
        return _VideoTap(self._on_frame, self._on_gap)


def tap_video(
    receiver: RTCRtpReceiver, on_frame: Callable[[str, bytes, int], None], on_gap: Callable[[], None]
) -> None:
    """Tell of every whole encoded frame: name of its codec, data, RTP timestamp. To be called before packets come.

    ``on_gap`` tells that frames were given up, so that those that follow cannot be decoded before a key frame.
    """
    codecs = getattr(receiver, _CODECS)

    def frame_came(payload_type: int, data: bytes, timestamp: int) -> None:
        on_frame(codecs[payload_type].name, data, timestamp)

    setattr(receiver, _JITTER_BUFFER, _VideoTap(frame_came, on_gap))


async def request_key_frame(receiver: RTCRtpReceiver) -> None:
    """Ask for a key frame (PLI, RFC 4585 §6.3.1)."""
    for source in receiver.getSynchronizationSources():
        await receiver._send_rtcp_pli(source.source)


async def unfreeze(receiver: RTCRtpReceiver) -> None:
    """Forget the video packets that wait for lost ones, and ask for a key frame.

    After an outage aiortc's buffer waits for packets that no longer come: 19 s without a picture after 5 s without
    network, measured.
    """
    buffer = getattr(receiver, _JITTER_BUFFER)
    fresh = AiortcJitterBuffer(capacity=_VIDEO_CAPACITY, is_video=True)
    setattr(receiver, _JITTER_BUFFER, buffer.emptied() if isinstance(buffer, _VideoTap) else fresh)
    setattr(receiver, _NACK, NackGenerator())
    await request_key_frame(receiver)


def on_key_frame_request(sender: RTCRtpSender, asked: Callable[[], None]) -> None:
    """Be told when the other side asks for a key frame (PLI or FIR) instead of having aiortc's encoder make one."""
    setattr(sender, "_send_keyframe", asked)  # noqa: B010 - a method is replaced on purpose


def first_video_codec(connection: RTCPeerConnection) -> str | None:
    """Name of the codec that our answer puts first, which a browser then encodes its camera with."""
    for transceiver in connection.getTransceivers():
        if transceiver.kind == "video" and transceiver._codecs:
            return str(transceiver._codecs[0].name)
    return None


def stop_decoders(connection: RTCPeerConnection) -> None:
    """End decoder threads, whatever state the connection is in: they are no daemons and would keep the process."""
    for receiver in connection.getReceivers():
        getattr(receiver, _STOP_DECODER)()


def ice_connections(connection: RTCPeerConnection) -> list[aioice.ice.Connection]:
    """The ICE agents of a peer connection: one, once offer and answer have bundled everything."""
    return [transport._connection for transport in _ice_transports(connection)]


def _ice_transports(connection: RTCPeerConnection) -> list[Any]:
    transports: list[Any] = [t.receiver.transport.transport for t in connection.getTransceivers()]
    if connection.sctp is not None:
        transports.append(connection.sctp.transport.transport)
    return list(dict.fromkeys(transports))


# A bad network for one peer

Datagram = Callable[[bytes], None]
Wire = Callable[[bytes, Datagram], None]
"""Gets a datagram and the function that forwards it: now, later, more than once or never."""


def intercept_datagrams(connection: RTCPeerConnection, *, outgoing: Wire, incoming: Wire) -> None:
    """Pass each datagram of media and data through a wire of ours; ICE's own connectivity checks are left alone.

    To be called after offer and answer were exchanged, when all is bundled on one transport.
    """
    for transport in _ice_transports(connection):
        _intercept(transport, outgoing, incoming)


def _intercept(transport: Any, outgoing: Wire, incoming: Wire) -> None:
    agent: aioice.ice.Connection = transport._connection
    really_receive = agent.data_received

    def forward(data: bytes) -> None:
        pair = agent._nominated.get(1)
        if pair is not None:
            pair.protocol.transport.sendto(data, pair.remote_addr)

    async def send(data: bytes) -> None:
        outgoing(data, forward)

    def receive(data: bytes, component: int) -> None:
        incoming(data, lambda later: really_receive(later, component))

    transport._send = send
    setattr(agent, "data_received", receive)  # noqa: B010 - a method is replaced on purpose


# What a connection is like


async def round_trip_seconds(connection: RTCPeerConnection) -> float | None:
    """One connectivity check (RFC 8445 §7.2.2) on the pair in use; None when no answer came."""
    for agent in ice_connections(connection):
        pair = agent._nominated.get(1)
        if pair is None or agent.remote_password is None:
            continue
        request = agent.build_request(pair, nominate=False)
        started_at = time.monotonic()
        try:
            await pair.protocol.request(
                request, pair.remote_addr, integrity_key=agent.remote_password.encode(), retransmissions=0
            )
        except aioice.stun.TransactionError:
            return None
        return time.monotonic() - started_at
    return None


def relayed(connection: RTCPeerConnection) -> bool:
    """Whether the pair in use leads through a TURN server, of either side, as far as our side can see."""
    pairs = [pair for agent in ice_connections(connection) if (pair := agent._nominated.get(1)) is not None]
    return any("relay" in (pair.local_candidate.type, pair.remote_candidate.type) for pair in pairs)


def packets_received(connection: RTCPeerConnection) -> int:
    """RTP and RTCP datagrams from the other side so far; ICE's own checks are not among them."""
    transports = dict.fromkeys(t.receiver.transport for t in connection.getTransceivers())
    return sum(stats.packetsReceived for transport in transports for stats in transport._get_stats().values())


def unacknowledged_bytes(connection: RTCPeerConnection, channel: RTCDataChannel) -> int:
    """Of what the channel was given: the bytes that wait to be sent, or are not known to have arrived.

    ``bufferedAmount`` alone forgets a message when it is cut into chunks, which is before any of them is sent.
    """
    association: Any = connection.sctp
    waiting = sum(len(chunk.user_data) for chunk in association._outbound_queue)
    return int(channel.bufferedAmount + waiting + association._flight_size)


def missing_seams(connection: RTCPeerConnection) -> list[str]:
    """Names used here and in ``socket_seams.py`` that the installed versions do not have; empty when all is well."""
    (receiver, sender) = connection.getReceivers()[0], connection.getSenders()[0]
    transport = receiver.transport.transport
    wanted = [
        *((receiver, name) for name in (_CODECS, _JITTER_BUFFER, _NACK, _STOP_DECODER, "_send_rtcp_pli")),
        *((sender, name) for name in (_RTP_TIMESTAMP, "_send_keyframe")),
        (connection.getTransceivers()[0], "_codecs"),
        *((transport, name) for name in ("_send", "_connection")),
        (receiver.transport, "_get_stats"),
        *((transport._connection, name) for name in ("get_component_candidates", "data_received")),
        *((transport._connection, name) for name in ("_protocols", "_nominated", "_transport_policy")),
        *((aioice.ice, name) for name in ("StunProtocol", "server_reflexive_candidate")),
        *((transport._connection, name) for name in ("build_request", "remote_password")),
        *((connection.sctp, name) for name in ("_outbound_queue", "_flight_size")),
        (aioice.turn, "UDP_SOCKET_BUFFER_SIZE"),
    ]
    return [name for owner, name in wanted if not hasattr(owner, name)]
