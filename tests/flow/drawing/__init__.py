"""Tests of conversation.flow.drawing."""
