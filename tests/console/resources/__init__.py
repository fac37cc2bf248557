"""What each path of the console does."""
