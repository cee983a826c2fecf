"""The socket, seen from inside: routes and roles."""
