"""Tests of the self-test harness."""
