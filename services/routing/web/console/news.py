"""What an open list asks every few seconds: the cases it would show now, and how full the boxes are."""

from typing import Any

from services.routing.desk import Desk
from services.routing.queries import box_counts, inbox
from services.routing.web.console.listing import PAGE
from services.routing.web.console.place import Place, boxes_of


def news(desk: Desk, place: Place) -> dict[str, Any]:
    """{"boxes": [counts in the order shown], "cases": {id: sequence}}; no words, so that nothing leaks here."""
    counts = box_counts(desk)
    page = inbox(desk, place.box, place.filters, None, PAGE)
    return {
        "boxes": [counts[box] for box in boxes_of(desk.actor)],
        "cases": {str(row.id): row.sequence for row in page.items},
    }
