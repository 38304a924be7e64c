"""The promises of an open case: kept with the time it took, or when they end and what happens first."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from services.routing.domain.clocks import ACCEPTANCE
from services.routing.queries import CaseView, Clock
from services.routing.web import words

Sayings = Mapping[str, Callable[..., str]]
Fact = dict[str, Any]


def clock_facts(view: CaseView, now: datetime, says: Sayings) -> list[Fact]:
    """Received, then every clock: each run that was answered, runs, or stands still."""
    shown: list[Fact] = [{"label": gettext("Received"), "value": says["when"](view.row.received_at)}]
    for clock in view.clocks:
        shown += _facts(clock, now, says)
    return shown


def _facts(clock: Clock, now: datetime, says: Sayings) -> Iterator[Fact]:
    if clock.stopped_at is not None:
        if clock.clock != ACCEPTANCE:
            yield _stopped(clock, clock.stopped_at, says)
    elif clock.paused_at is not None:
        since = gettext("stands still since %(when)s", when=says["spoken"](clock.paused_at))
        yield {"label": _named(clock), "value": since}
    elif clock.ended_at is None:
        yield from _running(clock, now, says)


def _stopped(clock: Clock, stopped_at: datetime, says: Sayings) -> Fact:
    took = says["span"]((stopped_at - clock.started_at).total_seconds())
    return {"label": _named(clock), "value": took, "kind": "kept" if stopped_at <= clock.due_at else "overdue"}


def _running(clock: Clock, now: datetime, says: Sayings) -> Iterator[Fact]:
    late = clock.overdue(now)
    yield {"label": _named(clock), "value": says["when"](clock.due_at), "kind": "overdue" if late else ""}
    if late:
        yield {"label": gettext("Late by"), "value": says["span"]((now - clock.due_at).total_seconds())}
    elif clock.warn_at > now:
        yield {"label": gettext("Warning"), "value": says["when"](clock.warn_at)}
    else:
        yield {"label": gettext("Warning"), "value": gettext("given: due soon"), "kind": "overdue"}


def _named(clock: Clock) -> str:
    name = words.clock(clock.clock)
    return f"{name} ({clock.owner})" if clock.owner else name
