"""Brings rows of a CSV file through the front door, once each, however often it is interrupted."""

from commonground.loading.file import Loaded, Rows
from commonground.loading.loader import Loader, Result

__all__ = ["Loaded", "Loader", "Result", "Rows"]
