"""What the engine says, kept for the screens."""
