"""Tests of reading bar codes by the AAMVA standard."""
