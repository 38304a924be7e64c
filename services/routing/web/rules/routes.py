"""The addresses of routing rules: versions, drafts, and what may be done with a draft."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, get_template_attribute, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Connection

from services.routing.domain.refusals import Invalid, Refusal
from services.routing.domain.roles import REHEARSE, WRITE_RULES, may
from services.routing.domain.rules import RuleSet, built_in, read, tried, write
from services.routing.handlers import rules as writing
from services.routing.handlers.rules import Draft
from services.routing.queries.rules import rules_in_force, version_text, versions
from services.routing.web.access import current_person, staff
from services.routing.web.desk import routing
from services.routing.web.frame import READING_RULES, RULES, WRITING_RULES, frame
from services.routing.web.rules import tables
from shared.outbox import Transaction
from shared.web.access import by_default
from shared.web.errors import not_found

rules = Blueprint("rules", __name__, url_prefix="/admin/rules")
by_default(rules, staff(*READING_RULES))


@rules.get("/")
def overview() -> str:
    """Which rules hold, which held, which are being written."""
    known, around = routing(), _frame()
    with _reading() as conn:
        holding = rules_in_force(conn, known.clock.now()) or built_in(known.office.directory)
        published, drafts = versions(conn), writing.drafts(conn)
    city, when = known.office.city, around["when"]
    return render_template(
        "routing/rules/overview.html",
        **around,
        holding=holding,
        versions=tables.versions(city, published, when),
        drafts=tables.drafts(city, drafts, when),
    )


@rules.get("/versions/<int:version>")
def published(version: int) -> str:
    """One version: its rules, its table, its text. Never changed."""
    text = _text_of(version)
    found = read(text, version).rules
    return render_template(
        "routing/rules/version.html", **_frame(), found=found, version=version, text=text, **_tried(found)
    )


@rules.get("/drafts/new")
@staff(*WRITING_RULES)
def new() -> str:
    """A draft that begins where a version stands."""
    known = routing()
    version = request.args.get("from", type=int)
    if version is None:
        with _reading() as conn:
            holding = rules_in_force(conn, known.clock.now())
        version = holding.version if holding else 0
    return render_template("routing/rules/new.html", **_frame(), text=_text_of(version), error="")


@rules.post("/drafts")
@staff(*WRITING_RULES)
def begin() -> ResponseReturnValue:
    """Keep a new draft."""
    text = request.form.get("text", "")
    try:
        with routing().outbox.transaction() as tx:
            draft_id = writing.save(tx, current_person(), text)
    except Invalid as refusal:
        return render_template("routing/rules/new.html", **_frame(), text=text, error=str(refusal)), 422
    return redirect(f"{tables.ROOT}drafts/{draft_id}", 303)


@rules.get("/drafts/<uuid:draft_id>")
def draft(draft_id: UUID) -> str:
    """A draft: what it says, what speaks against it, what may be done."""
    return _draft(draft_id)


@rules.post("/drafts/<uuid:draft_id>/save")
@staff(*WRITING_RULES)
def save(draft_id: UUID) -> ResponseReturnValue:
    """Keep what was written."""
    text = request.form.get("text", "")
    person, expected = current_person(), _sequence()
    return _do(
        draft_id, lambda tx, found: writing.save(tx, person, text, found.id, expected), gettext("Saved."), text
    )


@rules.post("/drafts/<uuid:draft_id>/propose")
@staff(*WRITING_RULES)
def propose(draft_id: UUID) -> ResponseReturnValue:
    """Ask the other organisation."""
    person, expected, office = current_person(), _sequence(), routing().office

    def ask(tx: Transaction, found: Draft) -> None:
        writing.propose(tx, office, person, found.id, expected, valid_from=_moment("valid_from"))

    return _do(draft_id, ask, gettext("Proposed. Somebody of another organisation may approve it now."))


@rules.post("/drafts/<uuid:draft_id>/discard")
@staff(*WRITING_RULES)
def discard(draft_id: UUID) -> ResponseReturnValue:
    """Let it go."""
    person, expected = current_person(), _sequence()
    return _do(draft_id, lambda tx, found: writing.discard(tx, person, found.id, expected), gettext("Withdrawn."))


@rules.post("/drafts/<uuid:draft_id>/approve")
@staff("partner", "oversight")
def approve(draft_id: UUID) -> ResponseReturnValue:
    """Publish it."""
    person, expected, office = current_person(), _sequence(), routing().office
    return _do(
        draft_id,
        lambda tx, found: writing.approve(tx, office, person, found.id, expected),
        gettext("Published."),
    )


@rules.post("/drafts/<uuid:draft_id>/rehearse")
@staff("oversight", "auditor")
def rehearse(draft_id: UUID) -> ResponseReturnValue:
    """Let it decide the past; the worker does, and the page shows how far it is."""
    person, days = current_person(), request.form.get("days", 28, type=int)
    return _do(draft_id, lambda tx, found: writing.rehearse(tx, person, found, days), gettext("It has begun."))


def _do(
    draft_id: UUID, act: Callable[[Transaction, Draft], Any], said: str, text: str | None = None
) -> ResponseReturnValue:
    """Do it with a draft that exists; what is refused comes back as its page with the reason and the text."""
    try:
        with routing().outbox.transaction() as tx:
            found = writing.draft(tx.conn, draft_id)
            if found is None:
                raise not_found()
            act(tx, found)
    except Refusal as refusal:
        return _draft(draft_id, refusal=str(refusal), text=text), 409
    flash(said)
    return redirect(f"{tables.ROOT}drafts/{draft_id}", 303)


def _draft(draft_id: UUID, refusal: str = "", text: str | None = None) -> str:
    office, person = routing().office, current_person()
    with _reading() as conn:
        found = writing.draft(conn, draft_id)
        if found is None:
            raise not_found()
        examined = writing.examine(conn, office, found.text)
        rehearsal = writing.last_rehearsal(conn, person, draft_id) if may(person.role, REHEARSE) else None
    open_ = found.state in ("draft", "proposed")
    return render_template(
        "routing/rules/draft.html",
        **_frame(),
        draft=found,
        title=tables.title(found.text),
        state=tables.state(found.state),
        written=found.text if text is None else text,
        refusal=refusal,
        problems=tables.problems(examined.problems, found.text) if examined.problems else None,
        may_write=open_ and may(person.role, WRITE_RULES),
        may_approve=found.state == "proposed" and writing.may_approve(office, person, found),
        may_rehearse=open_ and may(person.role, REHEARSE) and examined.document is not None,
        rehearsal=rehearsal,
        **_rehearsed(rehearsal.result if rehearsal else None),
        **(_tried(examined.document.rules) if examined.document else {"rules": None, "rows": None}),
    )


def _rehearsed(result: dict[str, Any] | None) -> dict[str, Any]:
    if result is None:
        return {"loads": None, "changes": None}
    bar = get_template_attribute("design/parts/figures.html", "bar")
    return {"loads": tables.loads(result, bar), "changes": tables.changes(result)}


def _tried(found: RuleSet) -> dict[str, Any]:
    return {"rules": tables.rules(found), "rows": tables.rows(tried(found, routing().office.directory))}


def _text_of(version: int) -> str:
    if version == 0:
        return write(built_in(routing().office.directory))
    with _reading() as conn:
        text = version_text(conn, version)
    if text is None:
        raise not_found()
    return text


def _sequence() -> int:
    return request.form.get("sequence", 0, type=int)


def _moment(name: str) -> datetime | None:
    """A moment as a browser's field gives it, in the city's time. Raises Invalid."""
    given = request.form.get(name, "").strip()
    try:
        return datetime.fromisoformat(given).replace(tzinfo=routing().office.city.time_zone) if given else None
    except ValueError:
        raise Invalid(f"/{name}", "invalid_date", gettext("Write the moment as 2026-11-20T08:00.")) from None


def _reading() -> Connection:
    return routing().engine.connect().execution_options(read_only=True)


def _frame() -> dict[str, Any]:
    known = routing()
    return frame(current_person(), known.office.city, known.clock.now(), RULES)
