"""WebRTC edge: peers, audio in and out, data-channel messages."""
