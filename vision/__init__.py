"""What is seen, and whether to believe it."""
