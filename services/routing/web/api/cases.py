"""Reading cases: lists, one case, why it has its owner, what happened to it."""

from typing import Any
from uuid import UUID

from flask import Response

from services.routing.queries import Filters, case_view, inbox
from services.routing.queries.case_view import certificates, find, steps
from services.routing.schemas import shown
from services.routing.schemas.given import BoxQuery
from services.routing.web.access import current_person
from services.routing.web.api.shapes import case_json, opened_json, step_json
from services.routing.web.api.versions import etag
from services.routing.web.desk import routing
from shared.web.answers import json_answer
from shared.web.api import ApiBlueprint


def add_cases(api: ApiBlueprint) -> None:
    """Add the routes that read."""

    @api.get("/cases")
    @api.arguments(BoxQuery, location="query")
    @api.response(200, shown.Cases)
    def list_cases(query: dict[str, Any]) -> Response:
        """A page of cases: what is due soonest first in `due`, else the newest first."""
        wanted = dict(query)
        box, cursor, limit = wanted.pop("box"), wanted.pop("cursor"), wanted.pop("limit")
        with routing().reading(current_person()) as desk:
            page = inbox(desk, box, Filters(**wanted), cursor, limit)
        items = [case_json(row) for row in page.items]
        return json_answer({"items": items, "next_cursor": page.next_cursor})

    @api.get("/cases/<uuid:case_id>")
    @api.response(200, shown.OpenedCase)
    @api.alt_response(404)
    def open_case(case_id: UUID) -> Response:
        """A case with its conversation. That it was opened is logged."""
        with routing().desk(current_person()) as desk:
            view = case_view(desk, case_id)
        return json_answer(opened_json(view), headers={"ETag": etag(view.row.sequence)})

    _add_reasons(api)


def _add_reasons(api: ApiBlueprint) -> None:
    @api.get("/cases/<uuid:case_id>/certificate")
    @api.response(200, shown.Certificate)
    @api.alt_response(404)
    def explain_owner(case_id: UUID) -> Response:
        """Why the case has its owner. Those who were left out are shown to oversight and auditors only."""
        with routing().reading(current_person()) as desk:
            find(desk, case_id)
            *earlier, latest = certificates(desk, case_id)
        return json_answer({**latest, "earlier": earlier})

    @api.get("/cases/<uuid:case_id>/events")
    @api.response(200, shown.Steps)
    @api.alt_response(404)
    def list_events(case_id: UUID) -> Response:
        """The whole history of a case."""
        with routing().reading(current_person()) as desk:
            find(desk, case_id)
            found = steps(desk, case_id)
        return json_answer({"items": [step_json(step) for step in found]})
