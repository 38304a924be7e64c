"""How long residents waited."""

from dataclasses import asdict
from typing import Any

from flask import Response

from services.routing.queries.people import names
from services.routing.reports import Line, response_times
from services.routing.schemas import shown
from services.routing.schemas.given import span_query
from services.routing.web.access import current_person
from services.routing.web.desk import routing
from shared.cities import City
from shared.web.answers import json_answer
from shared.web.api import ApiBlueprint


def add_figures(api: ApiBlueprint, city: City) -> None:
    """Add the route of response times."""

    @api.get("/response-times")
    @api.arguments(span_query(city.time_zone), location="query")
    @api.response(200, shown.ResponseTimes)
    def list_response_times(query: dict[str, Any]) -> Response:
        """First human responses of the cases received in the span, within the caller's sight."""
        with routing().reading(current_person()) as desk:
            lines = response_times(desk, query["from"], query["to"], query["by"])
            known = names(desk) if query["by"] == "owner" else {}
        return json_answer({"items": [_line(line, known) for line in lines]})


def _line(line: Line, known: dict[Any, str]) -> dict[str, Any]:
    return asdict(line) | {"name": known.get(line.key)}
