"""Scripted conversations: who says what when. A score drives a machine through its only door; nothing sleeps."""
