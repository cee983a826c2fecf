"""opsconsole: every application of a city's agencies under one command."""

__version__ = "0.1.0"
