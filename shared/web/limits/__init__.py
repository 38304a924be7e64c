"""Rate limits: in memory where speed counts, in the database where guessing must be hard."""

from shared.web.limits.tables import add_limits

__all__ = ["add_limits"]
