"""The addresses of those who answer for others: response times, load, what is about to breach."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from services.routing.desk import Desk
from services.routing.domain.refusals import Invalid
from services.routing.queries import due_soon, overdue, queue_sizes, workload
from services.routing.reports import GROUPS, Line, response_times
from services.routing.web import words
from services.routing.web.access import current_person, staff
from services.routing.web.desk import routing
from services.routing.web.frame import BREACH, LOAD, SUPERVISING, TIMES, frame
from services.routing.web.supervisor.drill import Drill, kept_promise
from services.routing.web.supervisor.export import table_csv
from services.routing.web.supervisor.load import load_table, queue_table
from services.routing.web.supervisor.naming import Naming
from services.routing.web.supervisor.period import Period
from services.routing.web.supervisor.tables import TABLES, Tables
from shared.web.access import by_default
from shared.web.errors import answer, not_found

SOON = timedelta(hours=24)
AT_MOST = 100

supervisor = Blueprint("supervisor", __name__, url_prefix="/supervisor")
by_default(supervisor, staff(*SUPERVISING))
supervisor.register_error_handler(Invalid, lambda _: answer(not_found()))


@supervisor.get("/")
def times() -> ResponseReturnValue:
    """How long people waited."""
    with routing().reading(current_person()) as desk:
        context = _frame(desk, TIMES)
        try:
            period = _period(desk)
        except Invalid as wrong:
            errors = {wrong.pointer[1:]: str(wrong)}
            period = Period.of({}, desk.now, desk.office.city.time_zone)
            return _times(desk, context, period, errors), 422
        return _times(desk, context, period, {})


def _times(desk: Desk, context: Mapping[str, Any], period: Period, errors: Mapping[str, str]) -> str:
    tables, city = Tables(period, Naming.at(desk), context["span"]), desk.office.city
    whole = response_times(desk, period.start, period.end)
    earlier = response_times(desk, period.before().start, period.before().end)
    line = whole[0] if whole else None
    grouped = {by: response_times(desk, period.start, period.end, by) for by in TABLES} if line else {}
    return render_template(
        "routing/supervisor/times.html",
        **context,
        period=period,
        # What is no day cannot stand in a field for days: it is left empty, with the reason above it.
        asked=period.address() | dict.fromkeys(errors, ""),
        errors=errors,
        line=line,
        figures_shown=tables.figures(city, line, earlier[0] if earlier else None) if line else [],
        tables=[
            *([tables.over_time(_over_time(desk, period))] if line else []),
            *(tables.table(by, lines, city) for by, lines in grouped.items()),
        ],
        overdue_href=tables.behind(which="overdue"),
        all_href=tables.behind(),
    )


def _over_time(desk: Desk, period: Period) -> list[tuple[Period, Line]]:
    found = [(each, response_times(desk, each.start, each.end)) for each in period.stretches()]
    return [(stretch, lines[0]) for stretch, lines in found if lines]


@supervisor.get("/response-times.csv")
def export() -> Response:
    """One table as a file."""
    by = request.args.get("by", "")
    if by not in GROUPS:
        raise not_found()
    with routing().reading(current_person()) as desk:
        period = _period(desk)
        text = table_csv(by, response_times(desk, period.start, period.end, by), Naming.at(desk))
    name = f"response-times-by-{by}-{period.first}-{period.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, content_type="text/csv; charset=utf-8")


@supervisor.get("/load")
def load() -> str:
    """Who carries how much, and what nobody carries."""
    with routing().reading(current_person()) as desk:
        loads, queues = workload(desk), queue_sizes(desk)
        return render_template(
            "routing/supervisor/load.html",
            **_frame(desk, LOAD),
            open_cases=sum(each.open_cases for each in loads) + sum(each.waiting for each in queues),
            late=sum(each.overdue for each in loads) + sum(each.overdue for each in queues),
            carrying=sum(each.open_cases > 0 for each in loads),
            waiting=sum(each.waiting for each in queues),
            loads=load_table(desk.office.city, loads),
            queues=queue_table(desk.office.city, queues),
        )


@supervisor.get("/breach")
def breach() -> str:
    """What is late, and what will be within a day."""
    with routing().reading(current_person()) as desk:
        return render_template(
            "routing/supervisor/breach.html",
            **_frame(desk, BREACH),
            **_words(desk),
            late=overdue(desk, AT_MOST),
            soon=due_soon(desk, SOON, AT_MOST),
            at_most=AT_MOST,
        )


@supervisor.get("/cases")
def cases() -> str:
    """The cases behind a figure."""
    with routing().reading(current_person()) as desk:
        drill = Drill(request.args, _period(desk), Naming.at(desk))
        page = drill.find(desk)
        return render_template(
            "routing/supervisor/cases.html",
            **_frame(desk, LOAD if drill.carrying else TIMES),
            **_words(desk),
            drill=drill,
            rows=page.items,
            kept_promise=kept_promise,
            older=drill.address(cursor=page.next_cursor) if page.next_cursor else "",
            first_page=drill.address() if request.args.get("cursor") else "",
            back="/supervisor/load" if drill.carrying else f"/supervisor/?{_query(drill.period)}",
        )


def _words(desk: Desk) -> dict[str, Any]:
    city = desk.office.city
    return {
        "category": lambda code: words.category(city, code),
        "language": words.language,
        "queue": lambda code: words.queue(city, code),
    }


def _frame(desk: Desk, current: str) -> dict[str, Any]:
    return frame(desk.actor, desk.office.city, desk.now, current)


def _period(desk: Desk) -> Period:
    return Period.of(request.args, desk.now, desk.office.city.time_zone)


def _query(period: Period) -> str:
    return "&".join(f"{name}={value}" for name, value in period.address().items())
