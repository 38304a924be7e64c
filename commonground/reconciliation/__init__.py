"""Counts that everything that was accepted became something, from rows and from what is under way."""

from commonground.reconciliation.account import Account, Reconciliation

__all__ = ["Account", "Reconciliation"]
