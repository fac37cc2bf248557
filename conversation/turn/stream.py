"""The stream that is heard: mono at 16 kHz, looked at in windows of 32 ms."""

SAMPLE_RATE_HZ = 16_000
"""Rate of everything that is listened to."""

WINDOW_SAMPLES = 512
"""Samples in one voice-activity window."""
