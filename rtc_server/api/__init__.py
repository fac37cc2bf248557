"""HTTP edge: REST, the hosted page and its signalling."""
