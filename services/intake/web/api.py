"""The resident API: tell us, follow up, write back."""

import re
from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, g, request
from flask_babel import get_locale

from services.intake.domain.receipts import grouped
from services.intake.handlers.accept import Key, KeyReused
from services.intake.handlers.converse import Conversation, UnknownReceipt
from services.intake.handlers.house import House
from services.intake.handlers.say import Message as Said
from services.intake.schemas.conversation import Categories, Message, Status, Written
from services.intake.schemas.feedback import Receipt, feedback_schema
from services.intake.web.callers import staff_caller
from shared.cities import label
from shared.ids import new_id
from shared.web.access import public_api, receipt
from shared.web.answers import json_answer
from shared.web.api import ApiBlueprint
from shared.web.body import json_body
from shared.web.errors import not_found
from shared.web.faults import fault
from shared.web.limits.limited import limited
from shared.web.problems import Problem

KEY_HEADER = "Idempotency-Key"
KEY_VARIABLE = "HTTP_IDEMPOTENCY_KEY"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
BAD_KEY = fault("invalid_idempotency_key", "An Idempotency-Key is 1 to 255 visible ASCII characters.")
REUSED = fault("idempotency_key_reused", "This Idempotency-Key came before with another body. Nothing was kept.")
UNKNOWN_RECEIPT = fault("unknown_receipt", "This receipt opens nothing. Check its sixteen digits.")

KEY_PARAMETER = {
    "in": "header",
    "name": KEY_HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "The same key with the same body gets the first answer again for 24 hours; another body 409.",
}


View = Callable[..., Response]


def described(*decorators: Callable[[View], Any]) -> Callable[[View], View]:
    """What the decorators say about a view, without what they do: each costs a call, and the view answers."""

    def decorate(view: View) -> View:
        said: Any = view
        for decorator in reversed(decorators):
            said = decorator(said)
        view._apidoc = said._apidoc  # type: ignore[attr-defined]
        return view

    return decorate


def resident_api(house: House) -> ApiBlueprint:
    """The interface under /api/v1."""
    api = ApiBlueprint("resident_api", __name__, description="Tell us, follow up, write back.")
    _add_categories(api, house)
    _add_feedback(api, house)
    _add_conversation(api, house)
    return api


def _add_categories(api: ApiBlueprint, house: House) -> None:
    @api.get("/api/v1/categories")
    @public_api
    @described(api.response(200, Categories))
    def categories() -> Response:
        """What a concern can be about, in the language of Accept-Language."""
        language = str(get_locale()).replace("_", "-")
        items = [
            {
                "code": each.code,
                "label": label(each.labels, language),
                "hint": label(each.hints, language),
                "publishable": each.publishable,
            }
            for each in house.city.categories.values()
        ]
        return json_answer({"items": items}, headers={"Vary": "Accept-Language"})


def _add_feedback(api: ApiBlueprint, house: House) -> None:
    status_url = f"{house.settings.public_url}/track"
    location = f"{house.settings.public_url}/api/v1/feedback/status"

    @api.post("/api/v1/feedback")
    @public_api
    @limited("feedback", unless=lambda: staff_caller(house) is not None)
    @api.arguments(feedback_schema(house.city, house.clock))
    @described(
        api.response(201, Receipt),
        api.alt_response(409, description="The Idempotency-Key came before with another body."),
        api.doc(parameters=[KEY_PARAMETER], security=[{}, {"staff_token": []}]),
    )
    def tell(payload: dict[str, object]) -> Response:
        """Tell us something. Answered once it is on disk."""
        staff = staff_caller(house)
        concern = house.understanding.concern(payload, "import" if staff else "api")
        actor = f"staff:{staff}" if staff else "resident"
        try:
            accepted = house.acceptance.accept(concern, actor, _key(house))
        except KeyReused:
            raise Problem(409, REUSED) from None
        document = {
            "id": accepted.id,
            "receipt": grouped(accepted.receipt),
            "status_url": status_url,
            "received_at": accepted.received_at,
        }
        return json_answer(document, 201, {"Location": location})


def _key(house: House) -> Key | None:
    given = request.environ.get(KEY_VARIABLE)
    if given is None:
        return None
    if not _KEY.fullmatch(given):
        raise Problem(400, BAD_KEY)
    # The order of keys and the spaces between them do not make another body.
    return house.acceptance.key(given, orjson.dumps(json_body(), option=orjson.OPT_SORT_KEYS))


def _add_conversation(api: ApiBlueprint, house: House) -> None:
    @api.get("/api/v1/feedback/status")
    @receipt
    @limited("track")
    @described(api.response(200, Status))
    def status() -> Response:
        """Where the concern stands and what was said. The receipt is the bearer token."""
        try:
            return json_answer(_status(house.conversations.read(g.receipt)))
        except UnknownReceipt:
            raise not_found(UNKNOWN_RECEIPT) from None

    @api.post("/api/v1/feedback/messages")
    @receipt
    @limited("track")
    @api.arguments(Message)
    @described(api.response(201, Written))
    def write(payload: dict[str, str]) -> Response:
        """Write back. The receipt is the bearer token."""
        message = Said(new_id(), "api", payload["text"])
        try:
            house.conversations.write(g.receipt, message)
        except UnknownReceipt:
            raise not_found(UNKNOWN_RECEIPT) from None
        return json_answer({"id": message.id}, 201)


def _status(conversation: Conversation) -> dict[str, object]:
    return {
        "state": conversation.state,
        "history": [{"at": each.at, "state": each.state} for each in conversation.history],
        "messages": [{"at": each.at, "from": each.side, "text": each.text} for each in conversation.said],
        "sequence": conversation.sequence,
    }
