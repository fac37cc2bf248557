"""From the newest camera frame to an observation: when to look, what to run on a frame, what is remembered of it."""
