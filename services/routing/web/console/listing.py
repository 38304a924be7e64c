"""The boxes and the list of cases, as their templates take them."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext

from services.routing.desk import Desk
from services.routing.domain.states import STATES
from services.routing.queries import CaseRow, Filters, box_counts, inbox
from services.routing.queries.excerpts import excerpts
from services.routing.web import words
from services.routing.web.console.headline import headline
from services.routing.web.console.place import NARROWED_BY, ROOT, Place, boxes_of
from shared.cities import City, label

PAGE = 40
CHANNELS = ("web", "sms", "api", "import")


def listing(desk: Desk, place: Place, open_id: UUID | None = None) -> dict[str, Any]:
    """Everything left of the open case. Raises Invalid for a cursor that is none."""
    page = inbox(desk, place.box, place.filters, place.cursor, PAGE)
    told = excerpts(desk, [row.id for row in page.items])
    return {
        "place": place,
        "case_open": open_id is not None,
        "boxes": boxes(desk, place),
        "box_label": box_label(desk, place.box),
        "cards_shown": [_card(desk, place, row, told.get(row.id), open_id) for row in page.items],
        "nothing": nothing(place.box),
        "previous": place.front().address() if place.cursor else "",
        "next": place.page(page.next_cursor).address() if page.next_cursor else "",
        "choices": (offered := choices(desk.office.city, place.filters, page.items)),
        "narrowed_to": narrowed_to(place.filters, offered),
        "news": f"{ROOT}news{place.query()}" if place.cursor is None else "",
        "shown": json.dumps({str(row.id): row.sequence for row in page.items}),
    }


def boxes(desk: Desk, place: Place) -> list[dict[str, Any]]:
    """The boxes with their counts."""
    counts = box_counts(desk)
    return [
        {
            "href": f"{ROOT}?box={box}",
            "label": box_label(desk, box),
            "count": counts[box],
            "current": box == place.box,
        }
        for box in boxes_of(desk.actor)
    ]


def box_label(desk: Desk, box: str) -> str:
    """What a box is called for this person."""
    team = gettext("Team") if desk.actor.team else gettext("Whole organisation")
    return {
        "mine": gettext("Mine"), "team": team, "unassigned": gettext("Unassigned"),
        "waiting": gettext("Waiting on resident"), "due": gettext("Due soon"), "all": gettext("All"),
    }[box]  # fmt: skip


def nothing(box: str) -> dict[str, str]:
    """What an empty box teaches."""
    texts = {
        "mine": (
            gettext("Nothing waits for you."),
            gettext("New concerns appear here within seconds. Look in Team or Unassigned meanwhile."),
        ),
        "team": (gettext("Nothing is open."), gettext("What your colleagues own would stand here.")),
        "unassigned": (
            gettext("Everything has an owner."),
            gettext("A concern waits here when nobody could be found for it."),
        ),
        "waiting": (
            gettext("No resident owes us an answer."),
            gettext("Cases come here when you asked something and wait for the reply."),
        ),
        "due": (
            gettext("Nothing is due within a day."),
            gettext("What is promised soon, or late already, stands here."),
        ),
        "all": (
            gettext("There is no case yet."),
            gettext("Every case you may see stands here, the closed ones too."),
        ),
    }  # fmt: skip
    title, text = texts[box]
    return {"title": title, "text": text}


def _card(desk: Desk, place: Place, row: CaseRow, told: str | None, open_id: UUID | None) -> dict[str, Any]:
    title, rest = titled(desk.office.city, row, told)
    return {
        "row": row,
        "href": place.address(row.id),
        "title": title,
        "excerpt": rest,
        "facts": card_facts(desk, row),
        "current": row.id == open_id,
    }


def titled(city: City, row: CaseRow, told: str | None) -> tuple[str, str]:
    """A case's headline and what follows it; its category where nothing was written."""
    title, rest = headline(told or "")
    return (title, rest) if title else (words.category(city, row.category), gettext("Nothing can be read here."))


def card_facts(desk: Desk, row: CaseRow) -> list[str]:
    """Who waits, how it came, in what language, under which reference, about what, and what is special."""
    city = desk.office.city
    facts = [row.pseudonym, words.channel(row.channel), words.language(row.language), row.reference]
    facts.append(words.category(city, row.category))
    if row.partner and row.organisation != desk.actor.organisation:
        facts.append(gettext("partner: %(name)s", name=row.partner.name))
    if row.owner and row.owner.id != desk.actor.id:
        facts.append(gettext("with %(name)s", name=row.owner.name))
    if row.queue:
        facts.append(gettext("waits in %(queue)s", queue=words.queue(city, row.queue)))
    return facts


def choices(city: City, filters: Filters, rows: Iterable[CaseRow] = ()) -> dict[str, list[dict[str, str]]]:
    """What each filter may be set to: what the city knows and what the list holds, "any" first."""
    rows = tuple(rows)
    languages = dict.fromkeys([*city.languages, *(row.language for row in rows)])
    channels = dict.fromkeys([*CHANNELS, *(row.channel for row in rows)])
    codes: dict[str, dict[str, str]] = {
        "category": {code: words.category(city, code) for code in city.categories},
        "district": {code: label(each.labels, words.reader()) for code, each in city.districts.items()},
        "language": {code: words.language(code) for code in languages},
        "channel": {code: words.channel(code) for code in channels},
        "state": {code: words.state(code) for code in STATES},
    }
    return {name: _options(codes[name], getattr(filters, name)) for name in NARROWED_BY if name in codes}


def narrowed_to(filters: Filters, offered: dict[str, list[dict[str, str]]]) -> list[str]:
    """What the list is narrowed down to, in words."""
    chosen = [
        option["label"]
        for name, options in offered.items()
        for option in options
        if option["value"] and option["value"] == getattr(filters, name)
    ]
    return [*chosen, *([gettext("reference %(words)s", words=filters.q)] if filters.q else [])]


def _options(known: dict[str, str], chosen: str | None) -> list[dict[str, str]]:
    kept = {chosen: chosen} if chosen and chosen not in known else {}
    every = {"": gettext("Any"), **known, **kept}
    return [{"value": value, "label": each} for value, each in every.items()]
