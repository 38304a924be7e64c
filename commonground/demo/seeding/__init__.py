"""The demo's cases: told by invented residents through the real front door, some of them answered."""

from commonground.demo.seeding.front_door import FrontDoor
from commonground.demo.seeding.journal import Journal
from commonground.demo.seeding.seed import Seeding
from commonground.demo.seeding.stories import Story, read_stories
from commonground.demo.seeding.tokens import StaffTokens

__all__ = ["FrontDoor", "Journal", "Seeding", "StaffTokens", "Story", "read_stories"]
