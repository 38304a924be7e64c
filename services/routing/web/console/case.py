"""One open case, as its template takes it: head, conversation, facts, and what may be done."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale, gettext, lazy_gettext

from services.routing.desk import Desk
from services.routing.domain.clocks import WAYS
from services.routing.domain.roles import ANSWER, SEE_EXCLUDED, may
from services.routing.domain.states import FINDINGS, OUTCOMES, needs_reason
from services.routing.queries import CaseView
from services.routing.queries.people import names
from services.routing.web import words
from services.routing.web.console.clocks import clock_facts
from services.routing.web.console.conversation import Conversation
from services.routing.web.console.listing import titled
from services.routing.web.console.saying import Teller
from shared.design import moments

Sayings = Mapping[str, Callable[..., str]]


def opened(desk: Desk, view: CaseView, says: Sayings) -> dict[str, Any]:
    """Everything right of the list."""
    teller = Teller(desk.office.city, desk.actor.id, names(desk))
    return {
        "case": view,
        "title": titled(desk.office.city, view.row, view.story.text)[0],
        "line": _line(desk, view, says),
        "conversation": Conversation(view, teller, says["when"]).lines(),
        "clocks": clock_facts(view, desk.now, says),
        "known": known(desk, view),
        "history": [{"at": says["brief"](step.at), "what": teller.tell(step)} for step in view.history],
        "candidates": [candidate(each) for each in view.certificate["candidates"]],
        "may_see_wall": may(desk.actor.role, SEE_EXCLUDED),
        "viewers": [{"at": says["brief"](each.at), "what": each.person.name} for each in view.views[:20]],
        "steps": next_steps(view),
        "may_note": may(desk.actor.role, ANSWER),
        "mine": view.row.owner is not None and view.row.owner.id == desk.actor.id,
        "people": [{"value": str(each.id), "label": each.name} for each in view.assignable],
        "ways": [{"value": code, "label": words.way(code)} for code in WAYS],
        "relations": relations(),
        "outcomes": [{"value": code, "label": words.outcome(code)} for code in outcomes(desk.actor.role)],
        "language": words.language(view.row.language),
        "reached": words.reached(view.row.contact_by),
        "step_label": step_label,
        "needs_reason": needs_reason,
        "teller": teller,
    }


def _line(desk: Desk, view: CaseView, says: Sayings) -> list[str]:
    row = view.row
    return [
        row.reference,
        gettext("received %(when)s", when=says["spoken"](row.received_at)),
        ownership(desk, view),
    ]


def ownership(desk: Desk, view: CaseView) -> str:
    """Who answers for it, in words."""
    row, city = view.row, desk.office.city
    if row.owner is None:
        return gettext("waits in %(queue)s", queue=words.queue(city, row.queue))
    if row.owner.id == desk.actor.id:
        return gettext("owned by you")
    return gettext("owned by %(name)s", name=row.owner.name)


def known(desk: Desk, view: CaseView) -> list[str]:
    """What is known, one line each; never who the resident is."""
    city, row, story = desk.office.city, view.row, view.story
    place = story.location if isinstance(story.location, dict) else {}
    lines = [place.get("address") or "", words.district(city, row.district), words.category(city, row.category)]
    lines.append(words.about(story.about) if story.about else "")
    if story.occurred_at:
        lines.append(gettext("Happened: %(when)s", when=happened(story.occurred_at, city.time_zone)))
    if row.partner:
        lines.append(gettext("Answered by %(name)s", name=row.partner.name))
    lines += [named(each) for each in story.named_people]
    return [line for line in lines if line]


def happened(occurred_at: str, zone: tzinfo) -> str:
    """When it happened: a day, or a moment in the city's time."""
    at = datetime.fromisoformat(occurred_at)
    if len(occurred_at) <= len("2026-11-20"):
        return str(format_date(at.date(), "full", locale=get_locale()))
    return moments.exact(at if at.tzinfo else at.replace(tzinfo=zone), zone, get_locale())


def named(person: Any) -> str:
    """Somebody the resident named, as they named them."""
    parts = [str(person[part]) for part in ("name", "badge", "unit") if person.get(part)]
    return gettext("Names %(person)s", person=", ".join(parts))


def candidate(considered: Mapping[str, Any]) -> str:
    """Somebody the rules looked at, and why they were kept or left out."""
    reasons = {
        "eligible": gettext("could take it"), "inactive": gettext("has left"), "away": gettext("is away"),
        "recused": gettext("stepped aside"), "named": gettext("is named"), "declared": gettext("is near to it"),
        "chain": gettext("is above somebody named"), "unit": gettext("works in the unit"),
        "organisation": gettext("works for the organisation"), "off_shift": gettext("is not on shift"),
        "language": gettext("does not read the language"), "skill": gettext("lacks the skill"),
        "full": gettext("has as many open cases as they may"),
    }  # fmt: skip
    reason = reasons.get(considered["reason"], considered["reason"])
    if "open_cases" not in considered:
        return gettext("%(name)s: %(reason)s", name=considered["name"], reason=reason)
    return gettext(
        "%(name)s: %(reason)s, %(open)s open", name=considered["name"], reason=reason, open=considered["open_cases"]
    )


def next_steps(view: CaseView) -> list[dict[str, str]]:
    """What may become of the case now, as asked for in the address."""
    return [{"to": to, "label": step_label(view.row.state, to)} for to in view.choices]


def step_label(origin: str, to: str) -> str:
    """A change of state as an act."""
    return str(STEPS.get((origin, to)) or STEPS.get(("", to)) or words.state(to))


STEPS: Mapping[tuple[str, str], Any] = {
    ("resolved", "in_progress"): lazy_gettext("Open it again"),
    ("closed", "in_progress"): lazy_gettext("Open it again"),
    ("quarantined", "closed"): lazy_gettext("Discard"),
    ("", "in_progress"): lazy_gettext("Go on with it"),
    ("", "waiting_on_resident"): lazy_gettext("Wait for the resident"),
    ("", "resolved"): lazy_gettext("Resolve"),
    ("", "referred"): lazy_gettext("Pass it on to others"),
    ("", "in_mediation"): lazy_gettext("Start mediation"),
    ("", "in_review"): lazy_gettext("Raise to oversight"),
    ("", "quarantined"): lazy_gettext("Hold back"),
    ("", "new"): lazy_gettext("Release"),
    ("", "closed"): lazy_gettext("Close"),
}


def relations() -> list[dict[str, str]]:
    """What somebody may be to a case."""
    labels = {
        "about": gettext("It is about them"), "witness": gettext("A witness"),
        "relative": gettext("A relative or friend"),
    }  # fmt: skip
    return [{"value": code, "label": label} for code, label in labels.items()]


def outcomes(role: str) -> tuple[str, ...]:
    """What may have come of a case; findings about a person are oversight's."""
    return OUTCOMES + (FINDINGS if role == "oversight" else ())
