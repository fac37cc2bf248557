"""Judging replies on this machine: rules for values, a small trained model for meaning. No torch, about 6 ms."""
