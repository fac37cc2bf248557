"""A synthetic person who calls a session over WebRTC: for this project's tests and for users' CI."""
