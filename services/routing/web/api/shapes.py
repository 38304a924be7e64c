"""Values of queries as the JSON of the interface."""

from dataclasses import asdict
from typing import Any

from services.routing.queries import CaseRow, CaseView, Entry
from services.routing.queries.case_view import Step

_SAID = ("id", "kind", "direction", "author", "at", "text", "channel", "delivery", "failure")


def case_json(row: CaseRow) -> dict[str, Any]:
    """A case as lists show it."""
    shown = asdict(row)
    for name in ("contact_by", "pressing", "soonest_at"):
        del shown[name]
    return shown


def opened_json(view: CaseView) -> dict[str, Any]:
    """A case with its conversation; the story's words are the first thing said."""
    story = asdict(view.story)
    opening = {
        "id": view.row.id, "kind": "opening", "direction": "in", "author": None, "at": view.row.received_at,
        "text": story.pop("text"), "channel": view.row.channel, "delivery": None, "failure": None,
    }  # fmt: skip
    return case_json(view.row) | {
        "story": story,
        "conversation": [opening, *map(said_json, view.conversation)],
        "clocks": [asdict(clock) for clock in view.clocks],
        "next_states": list(view.choices),
    }


def said_json(entry: Entry) -> dict[str, Any]:
    """One thing that was said."""
    return {name: getattr(entry, name) for name in _SAID}


def step_json(step: Step) -> dict[str, Any]:
    """One event of a case."""
    actor = {"id": step.actor_id, "name": step.actor} if step.actor_id else None
    return {"sequence": step.sequence, "type": step.type, "at": step.at, "actor": actor, "data": step.data}
