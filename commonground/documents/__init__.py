"""Documents made from the code, so that they cannot drift."""
