"""Guesses at passwords, counted by address and by account.

A right one is given back, so that an office full of people behind one address can begin its day.
"""

from typing import cast

from flask import current_app

from shared.web.address import request_address
from shared.web.limits.database import DatabaseLimiter
from shared.web.limits.limited import EXTENSION
from shared.web.problems import too_many

BY_ADDRESS, BY_ACCOUNT = "sign_in", "sign_in_account"


def count_guess(login: str) -> None:
    """Count one by address and by account. Raises Problem 429 when it is one too many."""
    for name, key in _keys(login):
        wait = _limiter(name).hit(key)
        if wait is not None:
            raise too_many(wait)


def give_back(login: str) -> None:
    """It was no guess."""
    for name, key in _keys(login):
        _limiter(name).give_back(key)


def _keys(login: str) -> list[tuple[str, str]]:
    return [(BY_ADDRESS, request_address()), (BY_ACCOUNT, login.strip().lower())]


def _limiter(name: str) -> DatabaseLimiter:
    return cast(DatabaseLimiter, current_app.extensions[EXTENSION][name])
