"""One's own page: who one is, where one is signed in, which programs have a token."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.routing.handlers.people import is_available, own_tokens, set_available
from services.routing.handlers.signing_in import end_all_sessions, end_session, open_sessions
from services.routing.web import words
from services.routing.web.access import current_person
from services.routing.web.account.sign_in import ACCOUNT
from services.routing.web.desk import routing
from services.routing.web.frame import frame


def add_overview(account: Blueprint) -> None:
    """Add the routes."""

    @account.get("/")
    def overview() -> ResponseReturnValue:
        """The page."""
        return show()

    @account.post("/sessions/<uuid:session_id>/end")
    def end_one(session_id: UUID) -> ResponseReturnValue:
        """End one of one's own sessions; another person's looks like none."""
        with routing().engine.begin() as conn:
            end_session(conn, current_person().id, session_id, routing().clock.now())
        return redirect(ACCOUNT, 303)

    @account.post("/sessions/end-others")
    def end_others() -> ResponseReturnValue:
        """End all sessions but this one."""
        with routing().engine.begin() as conn:
            end_all_sessions(conn, current_person().id, routing().clock.now(), keep=g.session_id)
        return redirect(ACCOUNT, 303)

    @account.post("/availability")
    def change_availability() -> ResponseReturnValue:
        """Say whether the rules may give one new cases."""
        with routing().outbox.transaction() as tx:
            set_available(tx, current_person().login, request.form.get("available") == "yes")
        return redirect(ACCOUNT, 303)


def show(status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page, with what a form left behind: errors, a token to be shown once."""
    known, actor = routing(), current_person()
    now = known.clock.now()
    with known.engine.connect().execution_options(read_only=True) as conn:
        own: dict[str, Any] = {
            "sessions": open_sessions(conn, actor.id, now),
            "tokens": own_tokens(conn, actor.id, now),
            "available": is_available(conn, actor.id),
        }
    defaults: dict[str, Any] = {"errors": [], "issued": None, "label": "", "days": "30", "done": ""}
    page = render_template(
        "account/overview.html",
        **frame(actor, known.office.city, now),
        **own,
        **(defaults | more),
        actor=actor,
        role=words.role(actor.role),
        team=words.team(known.office.city, actor.team),
        this_session=g.session_id,
    )
    return page, status
