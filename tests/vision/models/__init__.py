"""Tests of vision.models."""
