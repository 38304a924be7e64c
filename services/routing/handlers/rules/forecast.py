"""A simulation told: what changed, loads before and after, what found no place, walls."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.routing.domain.simulation import Change, Result

PREDICTS = "This predicts assignment and load; it says nothing about how fast people answer."
MOST = 200


def as_data(result: Result, most: int = MOST) -> dict[str, Any]:
    """The result as JSON values; of each list the first so many, with the whole count beside."""
    lists = {
        "changed": result.changed,
        "unroutable": result.unroutable,
        "pointed_at_police": result.pointed_at_police,
        "violations": result.violations,
    }
    return {
        "decided": result.decided,
        "counts": {name: len(changes) for name, changes in lists.items()},
        "loads": loads(result),
        **{name: _told(changes, most) for name, changes in lists.items()},
        "predicts": PREDICTS,
    }


def _told(changes: Sequence[Change], most: int) -> list[dict[str, Any]]:
    return [asdict(change) | {"id": str(change.id)} for change in changes[:most]]


def loads(result: Result) -> list[dict[str, Any]]:
    """Each person and each queue: what came to them, what would have, and the most a person would have had open."""
    people = [
        {
            "place": login, "before": result.owned_before[login], "after": result.owned[login],
            "highest": result.highest[login],
        }
        for login in sorted(result.owned | result.owned_before)
    ]  # fmt: skip
    queues = [
        {"place": queue, "before": result.queued_before[queue], "after": result.queued[queue], "highest": None}
        for queue in sorted(result.queued | result.queued_before)
    ]
    return people + queues
