"""The audit: a chain of signed entries that shows every later change, and proofs of what was erased."""
