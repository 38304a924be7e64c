"""Small cells put together: what rests on a handful of cases says little and could tell on somebody."""

from collections.abc import Sequence

from services.routing.reports import Line

SMALL = 5


def fold(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """(shown, folded), the most cases first. Together the folded are never a small cell themselves, if anything
    is left to put with them: one small row alone could be worked out from the total.
    """
    ordered = sorted(lines, key=lambda line: -line.count)
    shown = [line for line in ordered if line.count >= SMALL]
    folded = [line for line in ordered if line.count < SMALL]
    while folded and shown and sum(line.count for line in folded) < SMALL:
        folded.insert(0, shown.pop())
    return shown, folded
