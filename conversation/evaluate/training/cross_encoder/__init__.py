"""Training of the cross-encoder: base, vocabulary, network, groups, fitting in restartable steps, export."""
