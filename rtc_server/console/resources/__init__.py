"""What each path of the console's API does."""
