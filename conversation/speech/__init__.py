"""Hearing and speaking: ports, providers and the audio driver."""
