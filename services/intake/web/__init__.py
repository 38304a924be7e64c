"""The doors: residents' programs, the provider of texts, and residents in a browser."""
