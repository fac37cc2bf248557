"""Engines behind the evaluator port."""
