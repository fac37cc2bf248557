"""Pure: the machine that walks a flow, and its journal; nodes, shapes and behaviours have rooms of their own."""
