"""What every room may use: paths, clock, text, errors."""
