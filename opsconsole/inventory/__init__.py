"""Configuration files in, one typed inventory out."""
