"""Random ids, keys derived from the server's own, and what is sealed with them."""
