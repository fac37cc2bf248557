"""Sessions, journals and keys in a database."""
