"""Versions of a case in HTTP (RFC 9110, section 13.1.1): its sequence as ETag, and If-Match before a change."""

import re

from flask import request

from shared.web.faults import fault
from shared.web.problems import Problem

NO_VERSION = fault(
    "if_match_required", "Read the case first and send its sequence in the header If-Match, in quotes."
)
#: A version no case has, so that what is malformed is refused as stale, where and when stale ones are.
NEVER = -1
#: What the column of sequences has room for; longer numbers are refused before anybody reads them.
SEQUENCE = re.compile("[0-9]{1,10}")

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": '^("\\d+"|\\*)$'},
    "description": 'The case\'s sequence in quotes, as in its ETag, such as "7"; * for whatever it is now.',
}


def etag(sequence: int) -> str:
    """The sequence as a strong entity tag."""
    return f'"{sequence}"'


def expected_version() -> int | None:
    """What the caller says the case's sequence is; None for `*`. Raises Problem 428."""
    if not request.headers.get("If-Match", "").strip():
        raise Problem(428, NO_VERSION)
    if request.if_match.star_tag:
        return None
    tags = sorted(request.if_match.as_set())
    return int(tags[0]) if len(tags) == 1 and SEQUENCE.fullmatch(tags[0]) else NEVER
