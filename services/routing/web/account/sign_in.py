"""Signing in and out. Whoever signs in gets a new session; what the browser held before is thrown away."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from services.routing.handlers.signing_in import end_session, enter, resume
from services.routing.queries.actors import actor_by_id
from services.routing.web.access import SECRET, SIGN_IN, current_person
from services.routing.web.account.browsers import browser_name
from services.routing.web.account.guesses import count_guess, give_back
from services.routing.web.desk import routing
from services.routing.web.frame import home
from shared.web.access import public

ACCOUNT = "/account/"
LONGEST_LOGIN, LONGEST_PASSWORD = 80, 1_000


def add_sign_in(account: Blueprint) -> None:
    """Add the routes."""

    @account.get("/sign-in")
    @public
    def sign_in() -> ResponseReturnValue:
        """The form; who is signed in already goes on."""
        if resume(routing(), session.get(SECRET, "")) is not None:
            return redirect(safe_way(request.args.get("next")) or ACCOUNT, 303)
        return render_template("account/sign_in.html", login="", errors=[], next=request.args.get("next", ""))

    @account.post("/sign-in")
    @public
    def enter_account() -> ResponseReturnValue:
        """Check login and password."""
        login = request.form.get("login", "")[:LONGEST_LOGIN]
        password = request.form.get("password", "")[:LONGEST_PASSWORD]
        count_guess(login)
        entered = enter(routing(), login, password, browser_name(request.user_agent.string))
        if entered is None:
            return _refused(login)
        give_back(login)
        begin(entered.secret)
        return redirect(safe_way(request.form.get("next")) or _first_page(entered.person_id), 303)

    @account.post("/sign-out")
    def sign_out() -> ResponseReturnValue:
        """End this session, here and in the database."""
        with routing().engine.begin() as conn:
            end_session(conn, current_person().id, g.session_id, routing().clock.now())
        session.clear()
        return redirect(SIGN_IN, 303)


def begin(secret: str) -> None:
    """The browser's cookie from now on: nothing of before, the form token included."""
    session.clear()
    session[SECRET] = secret


def safe_way(asked: str | None) -> str | None:
    """The address to go on to, if it lies in this house."""
    if not asked or not asked.startswith("/") or asked.startswith(("//", "/\\")) or "\\" in asked:
        return None
    parts = urlsplit(asked)
    return None if parts.scheme or parts.netloc or not asked.isprintable() else asked


def _refused(login: str) -> ResponseReturnValue:
    errors = [{"field": "login", "message": gettext("Login and password do not fit together.")}]
    page = render_template("account/sign_in.html", login=login, errors=errors, next=request.form.get("next", ""))
    return page, 422


def _first_page(person_id: UUID) -> str:
    with routing().engine.connect().execution_options(read_only=True) as conn:
        actor = actor_by_id(conn, person_id)
    return home(actor) if actor else ACCOUNT
