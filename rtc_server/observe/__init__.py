"""What the server tells about itself, and what it hands back: failures, memory."""
