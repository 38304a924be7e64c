"""Reports as figures and tables: every number a link to the cases it counts, small bars against the promise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import get_template_attribute
from flask_babel import gettext, ngettext
from markupsafe import Markup

from services.routing.reports import Line
from services.routing.web.supervisor.folding import SMALL, fold
from services.routing.web.supervisor.naming import Naming, caption, group, part
from services.routing.web.supervisor.period import Period
from shared.cities import City, Policy

#: The tables, in the order of the page.
TABLES = ("language", "district", "category", "channel", "team", "owner")
NOTHING = "–"
#: Columns of a table that categories fill in another way.
NINE, KEPT = 3, 4


@dataclass(frozen=True)
class Tables:
    """Makes what `figure` and `data_table` of the design take."""

    period: Period
    naming: Naming
    span: Callable[..., str]

    def behind(self, by: str = "", keys: Sequence[Any] = (), which: str = "all") -> str:
        """The address of the cases behind a figure."""
        asked = [*self.period.address().items(), ("which", which)]
        asked += [("by", by), *(("key", "" if key is None else str(key)) for key in keys)] if by else []
        return f"/supervisor/cases?{urlencode(asked)}"

    def figures(self, city: City, now: Line, before: Line | None) -> list[dict[str, Any]]:
        """The four figures."""
        kept = gettext("%(kept)s of %(owed)s", kept=now.kept, owed=now.owed)
        received = gettext("of %(count)s received", count=now.count)
        return [
            self._figure(gettext("Median first answer"), self.took(now.median_s), self._was(before), "answered"),
            self._figure(
                gettext("Nine of ten answered within"), self.took(now.p90_s), self.promise(city), "answered"
            ),
            self._figure(gettext("Kept our promise"), percent(now.compliance), kept, "kept"),
            self._figure(gettext("Overdue and open"), now.open_overdue, received, "overdue")
            | {"kind": "overdue" if now.open_overdue else ""},
        ]

    def _figure(self, label: str, value: Any, note: str, which: str) -> dict[str, Any]:
        return {"label": label, "value": value, "note": note, "href": self.behind(which=which)}

    def _was(self, before: Line | None) -> str:
        if before is None or before.median_s is None:
            return ""
        days = self.period.days
        took = self.span(before.median_s)
        return ngettext(
            "was %(took)s the day before", "was %(took)s the %(days)s days before", days, took=took, days=days
        )

    def promise(self, city: City) -> str:
        """What the city promises, over all categories."""
        ordered = sorted(city.policies, key=lambda policy: policy.first_response)
        least, most = self._promised(ordered[0]), self._promised(ordered[-1])
        if least == most:
            return gettext("promise: %(span)s", span=least)
        return gettext("promise: %(least)s to %(most)s, by category", least=least, most=most)

    def _promised(self, policy: Policy) -> str:
        seconds = policy.first_response.total_seconds()
        if policy.calendar.always:
            return self.span(seconds)
        return gettext("%(hours)s opening hours", hours=f"{seconds / 3600:g}")

    def table(self, by: str, lines: Sequence[Line], city: City) -> dict[str, Any]:
        """One table; only categories have one promise each, the others show how often it was kept."""
        shown, folded = fold(lines)
        promises = {line.key: city.policy_for(line.key) for line in shown} if by == "category" else {}
        rows: list[Any] = [self._row(by, line, promises) for line in shown]
        if folded:
            rows.append(self._folded(by, folded, alone=not shown))
        return {
            "id": f"by-{by}",
            "caption": caption(by),
            "columns": columns(by),
            "rows": rows,
            "csv": f"/supervisor/response-times.csv?{urlencode({'by': by, **self.period.address()})}",
            "legend": any(policy.calendar.always for policy in promises.values()),
        }

    def over_time(self, lines: Sequence[tuple[Period, Line]]) -> dict[str, Any]:
        """The stretches of the period one after the other."""
        return {
            "id": "over-time",
            "caption": caption("time"),
            "columns": columns("time"),
            "rows": [replace(self, period=stretch).stretch(line) for stretch, line in lines],
            "csv": "",
            "legend": False,
        }

    def stretch(self, line: Line) -> Any:
        """The period as a row of the table over time."""
        name = self.period.short()
        if line.count < SMALL:
            cells = [name, linked(line.count, self.behind(), name)]
            return {"cells": cells, "folded": self._too_few(line.open_overdue)}
        return self._cells(name, line, lambda which: self.behind(which=which))

    def _row(self, by: str, line: Line, promises: Mapping[Any, Policy]) -> list[Any]:
        name = self.naming.name(by, line.key)

        def address(which: str) -> str:
            return self.behind(by, [line.key], which)

        cells = self._cells(name, line, address)
        if by == "category":
            cells[NINE] = self._against(line, promises[line.key], address("answered"), name)
            cells[KEPT] = self._opened(percent(line.compliance), address, "kept", name)
        return cells

    def _cells(self, name: str, line: Line, address: Callable[[str], str]) -> list[Any]:
        return [
            name,
            self._opened(line.count, address, "all", name),
            self._opened(self.took(line.median_s), address, "answered", name),
            self._opened(self.took(line.p90_s), address, "answered", name),
            self._share(line, address("kept"), name),
            self._opened(line.open_overdue, address, "overdue", name),
        ]

    def _opened(self, value: Any, address: Callable[[str], str], which: str, name: str) -> Any:
        return value if value in (0, NOTHING) else linked(value, address(which), f"{name}: {part(which)}")

    def _against(self, line: Line, policy: Policy, href: str, name: str) -> Any:
        if line.p90_s is None:
            return NOTHING
        shown, promised = linked(self.span(line.p90_s), href, name), self._promised(policy)
        if not policy.calendar.always:
            # Opening hours and hours that passed cannot stand on one scale; the share that was kept says it.
            return Markup("{} · {}").format(shown, gettext("promise: %(span)s", span=promised))
        promise = policy.first_response.total_seconds()
        aloud = gettext("%(took)s, promise %(promise)s", took=self.span(line.p90_s), promise=promised)
        # Each bar ends at twice its own promise, so that the marks stand below each other.
        return beside(bar(line.p90_s, promise * 2, promise, aloud), shown)

    def _share(self, line: Line, href: str, name: str) -> Any:
        if line.compliance is None:
            return NOTHING
        aloud = gettext("%(kept)s of %(owed)s promises kept", kept=line.kept, owed=line.owed)
        return beside(bar(line.compliance, 1, None, aloud), linked(percent(line.compliance), href, name))

    def _folded(self, by: str, folded: Sequence[Line], *, alone: bool) -> dict[str, Any]:
        groups, count = len(folded), sum(line.count for line in folded)
        late = sum(line.open_overdue for line in folded)
        name = gettext("All") if alone else ngettext("%(num)s other", "%(num)s others", groups)
        keys = [line.key for line in folded]
        return {"cells": [name, linked(count, self.behind(by, keys), name)], "folded": self._too_few(late)}

    def _too_few(self, late: int) -> str:
        said = gettext("too few to show apart")
        return gettext("%(said)s; overdue and open: %(late)s", said=said, late=late) if late else said

    def took(self, seconds: float | None) -> str:
        """A time, or a dash where nothing was answered."""
        return NOTHING if seconds is None else self.span(seconds)


def columns(by: str) -> list[dict[str, str]]:
    """The heads of a table."""
    common = [
        {"label": group(by)},
        {"label": gettext("Concerns"), "kind": "number"},
        {"label": gettext("Median"), "kind": "number"},
    ]
    late = {"label": gettext("Overdue open"), "kind": "number"}
    if by == "category":
        against = {"label": gettext("Nine of ten, against the promise"), "kind": "bar"}
        return [*common, against, {"label": gettext("Kept"), "kind": "number"}, late]
    nine = {"label": gettext("Nine of ten"), "kind": "number"}
    return [*common, nine, {"label": gettext("Promise kept"), "kind": "bar"}, late]


def linked(value: Any, href: str, label: str) -> Markup:
    """A number that opens its cases; the label says whose, for those who hear the page."""
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(href, f"{value}, {label}", value)


def bar(value: float, top: float, promise: float | None, aloud: str) -> Markup:
    """A small bar of the design."""
    drawn: Markup = get_template_attribute("design/parts/figures.html", "bar")(value, top, promise, aloud)
    return drawn


def beside(drawn: Markup, number: Any) -> Markup:
    """A bar with its number."""
    return Markup('{} <span class="bar-shown">{}</span>').format(drawn, number)


def percent(share: float | None) -> str:
    """Such as "87 %"; rounded down, so that 100 % means all of them."""
    return NOTHING if share is None else gettext("%(share)s %%", share=int(share * 100))
