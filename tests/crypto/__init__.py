"""Tests of rtc_server.crypto."""
