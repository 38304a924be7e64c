"""When a concern was received, open a case with an owner: whole batches in a few statements."""

from services.routing.handlers.open_cases.batch import OpenCases

__all__ = ["OpenCases"]
