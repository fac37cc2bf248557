"""Identification among a million faces: time, recall and memory."""
