"""State changes become incidents, people work on them, and clocks run."""
