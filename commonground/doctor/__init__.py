"""Looks whether an installation is well: one question a check, and for each bad answer what to do."""

from commonground.doctor.examination import CHECKS, examine
from commonground.doctor.finding import Finding

__all__ = ["CHECKS", "Finding", "examine"]
