"""Registers as sheets: what their columns are, from cells to keys of the files, and back."""
