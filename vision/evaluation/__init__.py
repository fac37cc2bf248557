"""How good the eyes are on labelled material of one's own: presentation attacks, comparisons, age. A self-test."""
