"""What one frame after another says about the person (pure): pose, quality, guidance, identity over time."""
