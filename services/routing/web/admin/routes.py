"""The addresses of administrators: people, and how the city is arranged. Never a case."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy import Connection

from services.routing.desk import Desk
from services.routing.domain.refusals import Impossible, Invalid, Refusal
from services.routing.handlers.people import (
    PersonRow,
    add_alias,
    add_person,
    disable_person,
    enable_person,
    invite,
    list_people,
    person_by_login,
    propose_post,
    set_work,
    work_of,
)
from services.routing.queries.queue_owners import queue_owners
from services.routing.web.access import current_person, staff
from services.routing.web.admin import places as arranged
from services.routing.web.admin.roster import ROOT, choices, facts, new_person, roster
from services.routing.web.admin.work import as_fields, from_form
from services.routing.web.desk import routing
from services.routing.web.frame import MANAGING, PEOPLE, PLACES, frame
from shared.outbox import Transaction
from shared.web.access import by_default
from shared.web.errors import not_found

admin = Blueprint("admin", __name__, url_prefix="/admin")
by_default(admin, staff(*MANAGING))


@admin.get("/")
def people() -> str:
    """Everybody who works here."""
    known = routing()
    with _reading() as conn:
        table = roster(known.office.city, list_people(conn, current_person().id))
    return render_template("routing/admin/people.html", **_frame(PEOPLE), people=table)


@admin.get("/people/new")
def form() -> str:
    """The form for somebody who begins."""
    return _form({})


@admin.post("/people")
def add() -> ResponseReturnValue:
    """Add somebody; the link to set a password is shown this once."""
    known = routing()
    try:
        new = new_person(request.form)
        with known.outbox.transaction() as tx:
            add_person(tx, known.office, new)
            secret = invite(tx, known.office, new.login.lower())
    except Invalid as refusal:
        return _form(request.form, {refusal.pointer.removeprefix("/"): str(refusal)}), 422
    return _person(new.login.lower(), secret=secret)


@admin.get("/people/<login>")
def person(login: str) -> ResponseReturnValue:
    """One person, and what may be done."""
    return _person(login)


@admin.post("/people/<login>/invite")
def link(login: str) -> ResponseReturnValue:
    """Another link to set a password; the page that answers is the only one to show it."""
    secrets: list[str] = []
    refused = _change(login, lambda tx: secrets.append(invite(tx, routing().office, login)))
    return refused or _person(login, secret=secrets[0])


@admin.post("/people/<login>/disable")
def disable(login: str) -> ResponseReturnValue:
    """Let somebody in no more; what they own goes to others."""
    # The load as this reader may know it: what is behind a wall of theirs changes hands uncounted.
    handed_over = _find(login).open_cases

    def leave(tx: Transaction) -> None:
        if login == current_person().login:
            raise Impossible(gettext("You cannot disable yourself: nobody could undo it."))
        disable_person(tx, routing().office, login)

    refused = _change(login, leave)
    if refused:
        return refused
    handed = ngettext("%(num)s case went to somebody else.", "%(num)s cases went to others.", handed_over)
    flash(gettext("%(login)s can no longer sign in. %(handed)s", login=login, handed=handed))
    return redirect(f"{ROOT}people/{login}", 303)


@admin.post("/people/<login>/enable")
def enable(login: str) -> ResponseReturnValue:
    """Let somebody in again."""
    refused = _change(login, lambda tx: enable_person(tx, routing().office, login))
    if refused:
        return refused
    flash(gettext("%(login)s may sign in again.", login=login))
    return redirect(f"{ROOT}people/{login}", 303)


@admin.post("/people/<login>/work")
def work(login: str) -> ResponseReturnValue:
    """Say when and how much somebody works, and what they can."""
    _find(login)
    try:
        said = from_form(request.form)
        with routing().outbox.transaction() as tx:
            set_work(tx, login, said)
    except Invalid as refusal:
        errors = {refusal.pointer.removeprefix("/"): str(refusal)}
        return _person(login, working=request.form, errors=errors), 422
    flash(gettext("Saved. It holds for what comes from now on."))
    return redirect(f"{ROOT}people/{login}", 303)


@admin.post("/people/<login>/post")
def propose(login: str) -> ResponseReturnValue:
    """Ask oversight for another unit or superior."""
    form = request.form

    def ask(desk: Desk) -> None:
        propose_post(desk, login, form.get("unit"), form.get("reports_to") or None)

    refused = _at_desk(login, ask)
    if refused:
        return refused
    flash(gettext("Proposed. It holds once somebody of oversight has signed it."))
    return redirect(f"{ROOT}people/{login}", 303)


@admin.post("/people/<login>/aliases")
def call(login: str) -> ResponseReturnValue:
    """Note another name residents use for somebody."""
    refused = _change(login, lambda tx: add_alias(tx, login, request.form.get("alias", "")))
    if refused:
        return refused
    flash(gettext("Noted. What is written from now on is searched for it."))
    return redirect(f"{ROOT}people/{login}", 303)


@admin.get("/places")
def places() -> str:
    """Teams and queues as the city pack has them."""
    city = routing().office.city
    with _reading() as conn:
        everybody, owners = list_people(conn, current_person().id), queue_owners(conn)
    return render_template(
        "routing/admin/places.html",
        **_frame(PLACES),
        teams=arranged.teams(city, everybody),
        queues=arranged.queues(city, owners),
    )


def _change(login: str, act: Callable[[Transaction], None]) -> ResponseReturnValue | None:
    """Do it to somebody who exists; what is refused comes back as their page with the reason."""
    return _at_desk(login, lambda desk: act(desk.tx))


def _at_desk(login: str, act: Callable[[Desk], None]) -> ResponseReturnValue | None:
    _find(login)
    try:
        with routing().desk(current_person()) as desk:
            act(desk)
    except Refusal as refusal:
        return _person(login, refusal=str(refusal)), 409
    return None


def _find(login: str) -> PersonRow:
    with _reading() as conn:
        found = next((each for each in list_people(conn, current_person().id) if each.login == login), None)
    if found is None:
        raise not_found()
    return found


def _person(
    login: str,
    *,
    secret: str = "",
    refusal: str = "",
    working: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    found = _find(login)
    with _reading() as conn:
        working = working or as_fields(work_of(person_by_login(conn, login)))
        superiors = choices(routing().office.city, list_people(conn, current_person().id))["superiors"]
    return render_template(
        "routing/admin/person.html",
        **_frame(PEOPLE),
        person=found,
        superiors=superiors,
        facts=facts(routing().office.city, found),
        link=f"{current_app.jinja_env.globals['public_url']}/account/password/{secret}" if secret else "",
        refusal=refusal,
        working=working,
        errors=errors or {},
        myself=login == current_person().login,
    )


def _form(given: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    with _reading() as conn:
        offered = choices(routing().office.city, list_people(conn, current_person().id))
    return render_template(
        "routing/admin/new_person.html", **_frame(PEOPLE), **offered, given=given, errors=errors or {}
    )


def _reading() -> Connection:
    return routing().engine.connect().execution_options(read_only=True)


def _frame(current: str) -> dict[str, Any]:
    known = routing()
    return frame(current_person(), known.office.city, known.clock.now(), current)
