"""A real browser for tests: pages on a phone and on a desk, and what every page must pass."""
