"""Tests of the WebRTC edge: real peer connections over this machine's own addresses."""
