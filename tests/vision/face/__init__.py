"""Tests of vision.face."""
