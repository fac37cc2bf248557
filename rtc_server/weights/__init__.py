"""Model weights: catalogue, download, verification, cache."""
