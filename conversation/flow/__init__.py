"""Pure: the graph of nodes and the machine that walks it."""
