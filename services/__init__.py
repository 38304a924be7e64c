"""The three services; they share nothing but events."""
