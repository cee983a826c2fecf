"""`doctor`: small checks of everything that a newcomer, or a machine, trips over."""
