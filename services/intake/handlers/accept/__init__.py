"""Accepting a concern: durable before it is confirmed, once per idempotency key, many to a commit."""

from services.intake.handlers.accept.acceptance import Acceptance
from services.intake.handlers.accept.keys import Key, KeyReused
from services.intake.handlers.accept.offer import Accepted

__all__ = ["Acceptance", "Accepted", "Key", "KeyReused"]
