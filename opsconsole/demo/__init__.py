"""A city of real servers on loopback, with a story of faults."""
