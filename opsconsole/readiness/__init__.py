"""People and their means: evidence that expires, and the level that it comes to."""
