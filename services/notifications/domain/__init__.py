"""Decisions of notifications, from values to values: what to say, whether to send, what an answer means."""
