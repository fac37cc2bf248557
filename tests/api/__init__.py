"""The HTTP edge, over real sockets on the loopback."""
