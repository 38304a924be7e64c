"""What residents' programs may send, and what they get back."""
