"""City packs: everything that differs from one city to the next, read from a folder and checked."""

from shared.cities.city import (
    Category,
    City,
    Labels,
    Organisation,
    Queue,
    StaffMember,
    Team,
    Words,
    label,
    plain,
)
from shared.cities.districts import District, Districts
from shared.cities.pack import InvalidCityPack, load
from shared.cities.policies import FACTS, Policy

__all__ = [
    "FACTS",
    "Category",
    "City",
    "District",
    "Districts",
    "InvalidCityPack",
    "Labels",
    "Organisation",
    "Policy",
    "Queue",
    "StaffMember",
    "Team",
    "Words",
    "label",
    "load",
    "plain",
]
