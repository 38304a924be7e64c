"""City packs: everything that differs from one city to the next, read from a folder and checked."""

from shared.cities.city import (
    ALWAYS_GUARDED,
    Category,
    City,
    Organisation,
    Queue,
    StaffMember,
    Team,
    Words,
    plain,
)
from shared.cities.districts import District, Districts
from shared.cities.labels import Labels, label
from shared.cities.pack import InvalidCityPack, load
from shared.cities.policies import FACTS, Policy

__all__ = [
    "ALWAYS_GUARDED",
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
