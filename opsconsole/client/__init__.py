"""What crosses the socket, seen from outside."""
