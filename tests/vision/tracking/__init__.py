"""Tests of what is concluded from one frame after another."""
