"""What the views list, without a screen: columns, rows, order, filter words, files."""
