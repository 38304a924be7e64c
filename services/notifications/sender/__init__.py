"""Hands messages to providers: claims one, calls outside any transaction, records what is known."""
