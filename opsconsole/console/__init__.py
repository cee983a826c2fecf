"""The terminal console: a thin, quiet client of the engine."""
