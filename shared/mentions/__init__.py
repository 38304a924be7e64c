"""What a free text tells before anybody reads it: somebody named, police conduct."""

from shared.mentions.mentions import Mentions

__all__ = ["Mentions"]
