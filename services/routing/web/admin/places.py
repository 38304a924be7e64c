"""Teams and queues as the city pack arranges them, and who answers for each queue now."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from services.routing.handlers.people import PersonRow
from services.routing.web import words
from shared.cities import City, Team


def teams(city: City, people: Sequence[PersonRow]) -> dict[str, Any]:
    """The teams: what they cover and who works there."""
    heads = [
        gettext("Team"),
        gettext("Organisation"),
        gettext("Categories"),
        gettext("Districts"),
        gettext("People"),
    ]
    return {
        "columns": [{"label": label} for label in heads],
        "rows": [_team(city, team, people) for team in city.teams.values()],
    }


def _team(city: City, team: Team, people: Sequence[PersonRow]) -> list[Any]:
    categories = sorted(words.category(city, code) for code in team.categories)
    districts = sorted(team.districts, key=lambda code: (len(code), code))
    names = [person.name for person in people if person.team == team.code and person.active]
    return [
        words.team(city, team.code), words.organisation(city, team.organisation),
        ", ".join(categories) or gettext("all"), ", ".join(districts) or gettext("all"),
        ", ".join(names) or gettext("nobody"),
    ]  # fmt: skip


def queues(city: City, owners: Mapping[str, str]) -> dict[str, Any]:
    """The queues, and by name whoever answers for them."""
    heads = [gettext("Queue"), gettext("Organisation"), gettext("Who answers for it")]
    return {
        "columns": [{"label": label} for label in heads],
        "rows": [
            [
                words.queue(city, queue.code),
                words.organisation(city, queue.organisation),
                owners.get(queue.code) or gettext("nobody: add somebody who may"),
            ]
            for queue in city.queues.values()
        ],
    }
