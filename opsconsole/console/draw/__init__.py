"""What the screens show, as lines of text: pure, and drawn by nobody here."""
