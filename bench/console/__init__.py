"""How the console keeps up: viewers, lists, numbers."""
