"""Pure: onset, endpointing, barge-in and the machine that takes turns."""
