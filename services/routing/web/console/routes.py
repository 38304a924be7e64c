"""The console's addresses: the list, a case beside it, what may be done, and whether anything is new."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.routing.domain.refusals import Impossible, Invalid, NotAllowed, NotFound, Refusal, Stale
from services.routing.queries import case_view
from services.routing.queries.rows import find_row
from services.routing.web.access import current_person, staff
from services.routing.web.console.asked import ACTS, draft_of, expected
from services.routing.web.console.case import opened
from services.routing.web.console.listing import listing
from services.routing.web.console.news import news
from services.routing.web.console.place import Place
from services.routing.web.console.saying import since
from services.routing.web.desk import routing
from services.routing.web.frame import INBOX, READING, frame
from services.routing.web.refusals import as_gone
from shared.sealing import CannotUnseal
from shared.web.access import by_default
from shared.web.answers import json_answer
from shared.web.errors import answer, not_found

ACTING = tuple(role for role in READING if role != "auditor")
BOXES_OF_ACTS = ("reply", "note", "contact", "assign", "recuse", "name", "state")
#: The kind of notice that tells a browser which draft has arrived.
SENT = "sent"
STATUSES: dict[type[Refusal], int] = {NotAllowed: 403, Impossible: 409, Stale: 412, Invalid: 422}

console = Blueprint("console", __name__, url_prefix="/console")
by_default(console, staff(*READING))
console.register_error_handler(NotFound, lambda _: answer(not_found()))
console.register_error_handler(Invalid, lambda _: answer(not_found()))
console.register_error_handler(CannotUnseal, lambda error: answer(as_gone(error)))


@console.get("/")
def boxes() -> str:
    """A box of cases."""
    actor, place = current_person(), _place()
    with routing().reading(actor) as desk:
        context = _frame(desk.now) | listing(desk, place)
    return render_template("routing/console/list.html", **context)


@console.get("/cases/<uuid:case_id>")
def case(case_id: UUID) -> str:
    """An open case beside its list."""
    act = request.args.get("act", "")
    return _case(case_id, act if act in BOXES_OF_ACTS else "reply", {"to": request.args.get("to", "")})


@console.post("/cases/<uuid:case_id>/<any(reply, note, contact, accept, assign, recuse, name, state):act>")
@staff(*ACTING)
def do(case_id: UUID, act: str) -> ResponseReturnValue:
    """Do something with a case. What is refused comes back with everything that was typed; who has put the
    case out of her own sight goes back to the list.
    """
    asked = ACTS[act]
    try:
        with routing().desk(current_person()) as desk:
            asked.do(desk, case_id, expected(request.form), request.form)
            stays = find_row(desk, case_id) is not None
    except NotFound:
        raise
    except Refusal as refusal:
        form = {"to": ""} | {name: value.replace("\r\n", "\n") for name, value in request.form.items()}
        page = _case(case_id, act if act in BOXES_OF_ACTS else "reply", form, refusal)
        return Response(page, STATUSES[type(refusal)])
    flash(asked.done(request.form))
    flash(draft_of(act, case_id), SENT)
    return redirect(_place().address(case_id) if stays else _place().address(), 303)


@console.get("/news")
def what_is_new() -> Response:
    """What the list and the boxes would show now, for a page that is open; 304 while nothing changed."""
    with routing().reading(current_person()) as desk:
        found = json_answer(news(desk, _place()))
    found.add_etag()
    found.headers["Cache-Control"] = "private, no-cache"
    found.make_conditional(request)
    return found


def _case(case_id: UUID, act: str, form: dict[str, str], refusal: Refusal | None = None) -> str:
    actor, place = current_person(), _place()
    with routing().desk(actor) as desk:
        view = case_view(desk, case_id)
    with routing().reading(actor) as desk:
        context = _frame(desk.now)
        context |= listing(desk, place, case_id) | opened(desk, view, context)
    changed = since(view, expected(form)) if isinstance(refusal, Stale) else ()
    return render_template(
        "routing/console/case.html",
        **context,
        act=act,
        form=form,
        refusal="" if refusal is None or isinstance(refusal, Invalid | Stale) else str(refusal),
        errors={refusal.pointer[1:]: str(refusal)} if isinstance(refusal, Invalid) else {},
        stale=isinstance(refusal, Stale),
        changed=[context["teller"].tell(step) for step in changed],
    )


def _place() -> Place:
    return Place.of(request.args, current_person())


def _frame(now: Any) -> dict[str, Any]:
    return frame(current_person(), routing().office.city, now, INBOX)
