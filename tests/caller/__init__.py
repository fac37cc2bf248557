"""Tests of the synthetic caller."""
