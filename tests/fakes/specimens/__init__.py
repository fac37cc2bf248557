"""Fictional identity documents and photographs of them, made on the spot, the same for the same seed everywhere."""

from tests.fakes.specimens.specimen import TODAY, Fault, Side, Specimen, draw
from tests.fakes.specimens.zones import Kind

__all__ = ["TODAY", "Fault", "Kind", "Side", "Specimen", "draw"]
