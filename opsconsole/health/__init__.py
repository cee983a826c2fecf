"""What looks mean: from look to state."""
