"""The wire to the terminal: as few bytes as the picture needs, and nothing foreign on it."""
