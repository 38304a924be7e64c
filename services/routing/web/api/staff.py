"""Who works here, and who is calling."""

from dataclasses import asdict

from flask import Response

from services.routing.domain.roles import RIGHTS
from services.routing.queries import people, teams
from services.routing.schemas import shown
from services.routing.web.access import current_person
from services.routing.web.desk import routing
from shared.web.answers import json_answer
from shared.web.api import ApiBlueprint


def add_staff(api: ApiBlueprint) -> None:
    """Add the routes about people."""

    @api.get("/people")
    @api.response(200, shown.Colleagues)
    def list_people() -> Response:
        """Everybody at work whom the caller may know."""
        with routing().reading(current_person()) as desk:
            found = people(desk)
        return json_answer({"items": [asdict(person) for person in found]})

    @api.get("/teams")
    @api.response(200, shown.Teams)
    def list_teams() -> Response:
        """The teams the caller may know."""
        with routing().reading(current_person()) as desk:
            found = teams(desk)
        return json_answer({"items": [asdict(team) for team in found]})

    @api.get("/me")
    @api.response(200, shown.Me)
    def me() -> Response:
        """The caller."""
        actor = current_person()
        sets = {"queues": sorted(actor.queues), "rights": sorted(RIGHTS.get(actor.role, ()))}
        return json_answer(asdict(actor) | sets)
