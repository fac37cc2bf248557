"""Tests of the camera half."""
