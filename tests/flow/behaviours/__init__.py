"""Tests of conversation.flow.behaviours."""
