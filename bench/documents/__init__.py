"""Documents that nobody has seen: how many are read exactly, refused, or wrongly, and what a page costs."""
