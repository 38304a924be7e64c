"""Who carries how much, as tables: every number opens its cases."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext

from services.routing.queries import Load, QueueSize
from services.routing.web import words
from services.routing.web.supervisor.drill import ADDRESS
from services.routing.web.supervisor.naming import part
from services.routing.web.supervisor.tables import bar, beside, linked
from shared.cities import City


def load_table(city: City, loads: Sequence[Load]) -> dict[str, Any]:
    """People, the fullest desks first."""
    most = max((each.open_cases for each in loads), default=0)
    return {
        "columns": [
            {"label": gettext("Name")},
            {"label": gettext("Team")},
            {"label": gettext("Open"), "kind": "bar"},
            {"label": gettext("Waiting on resident"), "kind": "number"},
            {"label": gettext("Overdue"), "kind": "number"},
        ],
        "rows": [_person(city, each, most) for each in loads],
    }


def _person(city: City, load: Load, most: int) -> list[Any]:
    name = load.person.name
    if not load.active:
        name = gettext("%(name)s (has left)", name=name)
    elif not load.available:
        name = gettext("%(name)s (away)", name=name)
    team = words.team(city, load.team) if load.team else words.role(load.role)
    carrier = {"carrier": str(load.person.id)}
    drawn = bar(load.open_cases, most, None, gettext("%(count)s open", count=load.open_cases))
    number = _number(load.open_cases, carrier, "open", load.person.name)
    return [
        name, team, beside(drawn, number),
        _number(load.waiting, carrier, "waiting", load.person.name),
        _number(load.overdue, carrier, "overdue", load.person.name),
    ]  # fmt: skip


def queue_table(city: City, queues: Sequence[QueueSize]) -> dict[str, Any]:
    """Queues, in the order of the city pack."""
    return {
        "columns": [
            {"label": gettext("Queue")},
            {"label": gettext("Who answers for it")},
            {"label": gettext("Waiting"), "kind": "number"},
            {"label": gettext("Overdue"), "kind": "number"},
        ],
        "rows": [_queue(city, each) for each in queues],
    }


def _queue(city: City, size: QueueSize) -> list[Any]:
    name, asked = words.queue(city, size.code), {"queue": size.code}
    return [
        name, size.owner.name if size.owner else gettext("nobody: ask an administrator"),
        _number(size.waiting, asked, "open", name), _number(size.overdue, asked, "overdue", name),
    ]  # fmt: skip


def _number(count: int, asked: dict[str, str], which: str, whose: str) -> Any:
    if not count:
        return 0
    return linked(count, f"{ADDRESS}?{urlencode({**asked, 'which': which})}", f"{whose}: {part(which)}")
