"""The addresses of notifications: what providers call."""
