"""The demo's cases: told by invented residents through the real front door, some of them answered."""

from commonground.demo.seeding.seed import Seeding
from commonground.demo.seeding.stories import Story, read_stories

__all__ = ["Seeding", "Story", "read_stories"]
