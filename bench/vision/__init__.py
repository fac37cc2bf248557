"""CPU time of seeing."""
