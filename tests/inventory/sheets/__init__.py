"""Registers as sheets."""
