"""Configurations of other monitors, read as applications and probes, with what was lost on the way."""
