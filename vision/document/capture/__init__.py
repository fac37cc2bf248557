"""Getting a readable picture of each side: guidance, shutter, order of sides, and the end of it. Pure."""
