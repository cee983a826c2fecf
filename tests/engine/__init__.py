"""The engine, most of it tried as a process of its own."""
