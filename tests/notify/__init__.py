"""One-time codes and the ways they are sent."""
