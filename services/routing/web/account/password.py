"""Setting a password: by the link somebody was given, or knowing the old one."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from services.routing.domain.refusals import Invalid
from services.routing.handlers.people import invited, matches, password_hash, redeem, set_password
from services.routing.handlers.signing_in import start_session
from services.routing.queries.actors import actor_by_id
from services.routing.web.access import current_person
from services.routing.web.account.browsers import browser_name
from services.routing.web.account.guesses import BY_ADDRESS, count_guess, give_back
from services.routing.web.account.overview import show
from services.routing.web.account.sign_in import ACCOUNT, LONGEST_PASSWORD, begin
from services.routing.web.desk import routing
from services.routing.web.frame import home
from shared.web.access import public
from shared.web.limits.limited import limited


def add_password(account: Blueprint) -> None:
    """Add the routes."""
    _add_link(account)
    _add_change(account)


def _add_link(account: Blueprint) -> None:
    @account.get("/password/<secret>")
    @public
    @limited(BY_ADDRESS)
    def read_link(secret: str) -> ResponseReturnValue:
        """The form behind a one-time link."""
        return _link_page(secret)

    @account.post("/password/<secret>")
    @public
    @limited(BY_ADDRESS)
    def use_link(secret: str) -> ResponseReturnValue:
        """Set the password; the link ends, and its owner is signed in."""
        password = request.form.get("password", "")[: LONGEST_PASSWORD + 1]
        known = routing()
        try:
            _check_same(password)
            with known.outbox.transaction() as tx:
                person_id = redeem(tx, known.office, secret, password)
                session = start_session(tx.conn, known.office, person_id, tx.now, _browser())
                actor = actor_by_id(tx.conn, person_id)
        except Invalid as refusal:
            return _link_page(secret, refusal)
        begin(session)
        return redirect(home(actor) if actor else ACCOUNT, 303)


def _add_change(account: Blueprint) -> None:
    @account.post("/password")
    def change_password() -> ResponseReturnValue:
        """Set another password; every other session ends, and this one is replaced."""
        known, actor = routing(), current_person()
        count_guess(actor.login)
        try:
            _check_old(request.form.get("current", "")[:LONGEST_PASSWORD])
            password = request.form.get("password", "")[: LONGEST_PASSWORD + 1]
            _check_same(password)
            with known.outbox.transaction() as tx:
                set_password(tx, actor.login, password)
                session = start_session(tx.conn, known.office, actor.id, tx.now, _browser())
        except Invalid as refusal:
            return show(422, errors=[_error(refusal)])
        give_back(actor.login)
        begin(session)
        return redirect(ACCOUNT, 303)


def _link_page(secret: str, refusal: Invalid | None = None) -> ResponseReturnValue:
    known = routing()
    with known.engine.connect().execution_options(read_only=True) as conn:
        login = invited(conn, known.office, secret, known.clock.now())
    if login is None:
        return render_template("account/link_ended.html"), 404
    errors = [_error(refusal)] if refusal else []
    return render_template("account/set_password.html", login=login, errors=errors), 422 if errors else 200


def _check_same(password: str) -> None:
    if password != request.form.get("again", "")[: LONGEST_PASSWORD + 1]:
        raise Invalid("/again", "not_the_same", gettext("The two passwords are not the same."))


def _check_old(password: str) -> None:
    actor = current_person()
    with routing().engine.connect().execution_options(read_only=True) as conn:
        known_hash = password_hash(conn, actor.id)
    if not matches(known_hash, password):
        raise Invalid("/current", "wrong_password", gettext("This is not your password now."))


def _error(refusal: Invalid) -> dict[str, str]:
    return {"field": refusal.pointer.removeprefix("/"), "message": str(refusal)}


def _browser() -> str:
    return browser_name(request.user_agent.string)
