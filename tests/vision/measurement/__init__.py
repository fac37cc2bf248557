"""Tests of what is measured in pictures."""
