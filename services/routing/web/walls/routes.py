"""The addresses of those who guard walls. Auditors read them; only oversight decides."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from services.routing.desk import Desk
from services.routing.domain.refusals import Invalid, NotFound, Refusal
from services.routing.handlers import walls
from services.routing.handlers.people import refuse_post, sign_post
from services.routing.queries.chart import proposals
from services.routing.queries.wall_view import wall_view
from services.routing.web.access import current_person, staff
from services.routing.web.desk import routing
from services.routing.web.frame import CHART, GUARDING, INBOX, frame
from services.routing.web.walls.saying import chart_line, told
from shared.web.access import by_default
from shared.web.errors import answer, not_found

guarding = Blueprint("guarding", __name__, url_prefix="/console")
by_default(guarding, staff(*GUARDING))
guarding.register_error_handler(NotFound, lambda _: answer(not_found()))

Deciding = Callable[[Desk, UUID, UUID], object]


def _propose(desk: Desk, case_id: UUID, person_id: UUID) -> None:
    walls.propose(desk, case_id, person_id, request.form.get("reason", "").replace("\r\n", "\n"))


DECISIONS: Mapping[str, tuple[Deciding, Any]] = {
    "confirm": (walls.confirm, lazy_gettext("The wall stays.")),
    "lift": (walls.lift, lazy_gettext("It is not meant: the wall that rested on it is gone.")),
    "readmit": (_propose, lazy_gettext("Proposed. A second person of oversight has to agree.")),
    "agree": (walls.agree, lazy_gettext("The case is open to them again.")),
}


@guarding.get("/cases/<uuid:case_id>/walls")
def wall(case_id: UUID) -> str:
    """What the case is about, to whom it is closed, and who has looked at it."""
    return _wall(case_id)


@guarding.post("/cases/<uuid:case_id>/walls/<any(confirm, lift, readmit, agree):decision>")
@staff("oversight")
def decide(case_id: UUID, decision: str) -> ResponseReturnValue:
    """Decide on a subject, or on letting somebody in again; `which` names it."""
    act, done = DECISIONS[decision]
    try:
        with routing().desk(current_person()) as desk:
            act(desk, case_id, _which())
    except NotFound:
        raise
    except Refusal as refusal:
        return _wall(case_id, str(refusal)), 422 if isinstance(refusal, Invalid) else 409
    flash(str(done))
    return redirect(f"/console/cases/{case_id}/walls", 303)


def _which() -> UUID:
    try:
        return UUID(request.form.get("which", ""))
    except ValueError:
        raise NotFound from None


@guarding.get("/chart")
def chart() -> str:
    """Changes of the chart that wait for a signature."""
    return _chart()


@guarding.post("/chart/<uuid:post_id>/<any(sign, refuse):decision>")
@staff("oversight")
def settle(post_id: UUID, decision: str) -> ResponseReturnValue:
    """Let a change hold from now on, or not."""
    try:
        with routing().desk(current_person()) as desk:
            (sign_post if decision == "sign" else refuse_post)(desk, post_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return _chart(str(refusal)), 409
    flash(gettext("Signed. Walls follow it from now on.") if decision == "sign" else gettext("Refused."))
    return redirect("/console/chart", 303)


def _wall(case_id: UUID, refusal: str = "") -> str:
    actor = current_person()
    with routing().reading(actor) as desk:
        view = wall_view(desk, case_id)
        context = frame(actor, desk.office.city, desk.now, INBOX)
    return render_template(
        "routing/walls/wall.html", **context, wall=view, told=told, refusal=refusal,
        may_decide=actor.role == "oversight",
    )  # fmt: skip


def _chart(refusal: str = "") -> str:
    actor = current_person()
    with routing().reading(actor) as desk:
        context = frame(actor, desk.office.city, desk.now, CHART)
        waiting = proposals(desk.conn)
    return render_template(
        "routing/walls/chart.html", **context, proposals=waiting, line=chart_line, refusal=refusal,
        may_decide=actor.role == "oversight",
    )  # fmt: skip
