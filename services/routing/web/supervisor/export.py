"""A table of the report as CSV (RFC 4180), with the same small cells put together."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext

from services.routing.reports import Line
from services.routing.web.supervisor.folding import fold
from services.routing.web.supervisor.naming import Naming

HEAD = ("key", "name", "count", "answered", "median_s", "p90_s", "kept", "owed", "compliance", "open_overdue")
#: What a spreadsheet would take for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_csv(by: str, lines: Sequence[Line], naming: Naming) -> str:
    """Times in seconds, shares from 0 to 1; empty where there is nothing to say."""
    shown, folded = fold(lines)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for line in shown:
        writer.writerow([harmless(each) for each in _cells(by, line, naming)])
    if folded:
        count, late = sum(line.count for line in folded), sum(line.open_overdue for line in folded)
        name = gettext("%(groups)s others, too few to show apart", groups=len(folded))
        writer.writerow(["", name, count, "", "", "", "", "", "", late])
    return out.getvalue()


def _cells(by: str, line: Line, naming: Naming) -> list[Any]:
    return [
        "" if line.key is None else str(line.key), naming.name(by, line.key), line.count, line.answered,
        _rounded(line.median_s), _rounded(line.p90_s), line.kept, line.owed,
        "" if line.compliance is None else round(line.compliance, 4), line.open_overdue,
    ]  # fmt: skip


def _rounded(seconds: float | None) -> Any:
    return "" if seconds is None else round(seconds)


def harmless(value: Any) -> Any:
    """The value; a text that begins like a formula behind an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
