"""Tests of the audit chain, its head, its signatures and the proofs of erasure."""
