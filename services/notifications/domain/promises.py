"""A promised moment, and what is said instead once it has passed: nobody is promised yesterday."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

#: Parts of a message (text and, for mail, subject); a promise has two keys besides.
Body = Mapping[str, Any]


def promise(said: Body, until: datetime, otherwise: Body) -> Body:
    """What is said until the moment, and otherwise."""
    return {**said, "until": until.isoformat(), "otherwise": otherwise}


def said_at(body: Body, now: datetime) -> Body:
    """What a body says at this moment; one that promises nothing always says the same."""
    if "until" in body and datetime.fromisoformat(body["until"]) <= now:
        otherwise: Body = body["otherwise"]
        return otherwise
    return body
