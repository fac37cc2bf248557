"""What each path does: a module for each thing that the API shows, with its operations and shapes."""
