"""How well, how fast and how honestly outcomes are decided, beside peers in the same run."""
