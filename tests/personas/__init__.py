"""Tests of the personas: the reader of the base mesh, the geometry, and the finished heads."""
