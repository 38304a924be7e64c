"""Acting on cases: each act rests on a version that was read, and answers with the case as it is then."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Response

from services.routing.desk import Desk
from services.routing.handlers import commands, walls
from services.routing.queries.rows import find_row
from services.routing.schemas import shown
from services.routing.schemas.given import Naming, NewContact, NewOwner, NewState, Reason, Words
from services.routing.web.access import current_person
from services.routing.web.api.shapes import case_json
from services.routing.web.api.versions import IF_MATCH, etag, expected_version
from services.routing.web.desk import routing
from shared.web.answers import json_answer
from shared.web.api import ApiBlueprint, Decorator

Act = Callable[[Desk, int | None], int]
View = TypeVar("View", bound=Callable[..., Any])


def act_on(case_id: UUID, act: Act, status: int = 200) -> Response:
    """Do it in one transaction. Who gave the case away no longer sees it: then only its new version is told."""
    expected = expected_version()
    with routing().desk(current_person()) as desk:
        sequence = act(desk, expected)
        row = find_row(desk, case_id)
    document = case_json(row) if row else {"id": case_id, "sequence": sequence}
    return json_answer(document, status, headers={"ETag": etag(sequence)})


def described(api: ApiBlueprint, status: int = 200) -> Decorator:
    """What every act says of itself in the interface's description."""

    def decorate(view: View) -> View:
        for refused in (404, 409, 412, 428):
            view = api.alt_response(refused)(view)
        return api.doc(parameters=[IF_MATCH])(api.response(status, shown.Case)(view))

    return decorate


def add_acts(api: ApiBlueprint) -> None:
    """Add the routes that change a case."""
    _add_words(api)
    _add_ownership(api)

    @api.post("/cases/<uuid:case_id>/state")
    @api.arguments(NewState)
    @described(api)
    def change_state(given: dict[str, Any], case_id: UUID) -> Response:
        """Move the case along the table of states. `resolved` needs an outcome and a sentence; closing what
        nobody resolved needs a reason.
        """
        to = given["state"]
        more = {name: given[name] for name in ("reason", "outcome", "sentence")}
        return act_on(case_id, lambda desk, expected: commands.change_state(desk, case_id, expected, to, **more))


def _add_words(api: ApiBlueprint) -> None:
    @api.post("/cases/<uuid:case_id>/replies")
    @api.arguments(Words)
    @described(api, 201)
    def reply(given: dict[str, str], case_id: UUID) -> Response:
        """Answer the resident. Who answers a case nobody owns takes it."""
        return act_on(case_id, lambda desk, expected: commands.reply(desk, case_id, expected, given["text"]), 201)

    @api.post("/cases/<uuid:case_id>/notes")
    @api.arguments(Words)
    @described(api, 201)
    def note(given: dict[str, str], case_id: UUID) -> Response:
        """Note something among staff."""
        return act_on(case_id, lambda desk, expected: commands.note(desk, case_id, expected, given["text"]), 201)

    @api.post("/cases/<uuid:case_id>/contacts")
    @api.arguments(NewContact)
    @described(api, 201)
    def log_contact(given: dict[str, str], case_id: UUID) -> Response:
        """Log a call, a visit or a letter. Only what reached the resident answers them."""
        return act_on(case_id, lambda desk, expected: commands.log_contact(desk, case_id, expected, **given), 201)


def _add_ownership(api: ApiBlueprint) -> None:
    @api.post("/cases/<uuid:case_id>/assignment")
    @api.arguments(NewOwner)
    @described(api)
    def assign(given: dict[str, Any], case_id: UUID) -> Response:
        """Give the case to a person."""
        owner_id, reason = given["owner_id"], given["reason"]
        return act_on(case_id, lambda desk, expected: commands.assign(desk, case_id, expected, owner_id, reason))

    @api.post("/cases/<uuid:case_id>/acceptance")
    @described(api)
    def accept(case_id: UUID) -> Response:
        """Say "mine": takes a case nobody owns, and puts one's own in progress."""
        return act_on(case_id, lambda desk, expected: commands.accept(desk, case_id, expected))

    @api.post("/cases/<uuid:case_id>/naming")
    @api.arguments(Naming)
    @described(api)
    def name(given: dict[str, str], case_id: UUID) -> Response:
        """Say whom the case is about or near to. Whoever is meant loses sight of it at once, the caller too."""
        relation = given.pop("relation")
        return act_on(case_id, lambda desk, expected: walls.name(desk, case_id, expected, given, relation))

    @api.post("/cases/<uuid:case_id>/recusal")
    @api.arguments(Reason)
    @described(api)
    def recuse(given: dict[str, str], case_id: UUID) -> Response:
        """Step aside: the case goes to another, and never comes back."""
        return act_on(case_id, lambda desk, expected: commands.recuse(desk, case_id, expected, given["reason"]))
