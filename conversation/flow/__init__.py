"""Pure: the graph of nodes, the machine that walks it, and its journal; nodes, shapes and behaviours in rooms of their own."""
