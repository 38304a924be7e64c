"""What only the demo and the tests have: a provider of texts that is not one, and a phone in a page."""
