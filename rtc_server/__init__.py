"""The shell: HTTP, WebRTC, sessions, storage and the command line."""
