"""Adapters: trackers and networks behind ``vision.ports``."""
