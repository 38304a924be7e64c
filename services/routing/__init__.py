"""Routing: cases, who owns them, the staff, and the promises made to residents."""
