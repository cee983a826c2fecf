"""Widgets that are drawn line by line."""
