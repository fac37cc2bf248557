"""Comparing faces (pure): distances to similarities, templates of several frames, ranges of age."""
