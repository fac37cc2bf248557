"""The hosted page, its messages and its avatar, in a real Chromium."""
