"""Tests of conversation.flow.schema."""
