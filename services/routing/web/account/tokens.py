"""Tokens for one's own programs."""

from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from services.routing.domain.refusals import Invalid
from services.routing.handlers.people import issue_token, revoke_token
from services.routing.web.access import current_person
from services.routing.web.account.overview import show
from services.routing.web.account.sign_in import ACCOUNT
from services.routing.web.desk import routing


def add_tokens(account: Blueprint) -> None:
    """Add the routes."""

    @account.post("/tokens")
    def issue() -> ResponseReturnValue:
        """Issue a token and show it, this once."""
        label, days = request.form.get("label", "").strip(), request.form.get("days", "").strip()
        known = routing()
        try:
            with known.outbox.transaction() as tx:
                issued = issue_token(tx, known.office, current_person().login, _days(days), label)
        except Invalid as refusal:
            errors = [{"field": refusal.pointer.removeprefix("/"), "message": str(refusal)}]
            return show(422, errors=errors, label=label, days=days)
        return show(issued=issued)

    @account.post("/tokens/<uuid:token_id>/revoke")
    def revoke(token_id: UUID) -> ResponseReturnValue:
        """End one of one's own tokens, everywhere."""
        known = routing()
        try:
            with known.outbox.transaction() as tx:
                revoke_token(tx, known.office, str(token_id), owner=current_person().id)
        except Invalid as refusal:
            return show(422, errors=[{"field": "", "message": str(refusal)}])
        return redirect(ACCOUNT, 303)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Invalid("/days", "no_number", "Write a number of days.")
    return int(text)
