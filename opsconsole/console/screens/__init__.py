"""The screens: what keys do, and when to draw."""
