"""Deterministic stand-ins at the ports, and local servers that speak a published protocol."""
