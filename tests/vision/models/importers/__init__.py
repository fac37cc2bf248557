"""Tests of vision.models.importers."""
