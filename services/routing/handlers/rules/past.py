"""The decisions of the past as they were kept: certificates with what they rested on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select, true

from services.routing.domain.directory import Directory
from services.routing.domain.facts import Colleague, Facts
from services.routing.domain.replay import replayed
from services.routing.domain.rules import RuleSet, built_in
from services.routing.domain.simulation import Past
from services.routing.domain.snapshots import arranged, canonical, roster_of
from services.routing.handlers.deciding import SILENCE, TOLD, Heard, facts_of
from services.routing.models import cases, history, messages, snapshots
from services.routing.office import Office
from services.routing.queries.rules import rules_by_version
from services.routing.queries.staffing import excluded_from
from shared.sealing import CannotUnseal

PAGE = 500
#: A case that ended is nobody's load any more.
ENDED = ("resolved", "closed")
_EVERY_CASE = true()


@dataclass(frozen=True, slots=True)
class Replay:
    """One kept certificate, made again."""

    case_id: UUID
    sequence: int
    version: int
    same: bool


class Archive:
    """What decisions rested on, read by digest once; a few rosters are kept in memory, for they are long."""

    def __init__(self, conn: Connection, office: Office) -> None:
        self.conn = conn
        self.office = office
        self.roster = lru_cache(maxsize=16)(self._roster)
        self.directory = lru_cache(maxsize=16)(self._directory)
        self.rules = lru_cache(maxsize=64)(self._rules)

    def _roster(self, digest: str) -> dict[str, list[Colleague]]:
        return roster_of(self._snapshot(digest))

    def _directory(self, digest: str) -> Directory:
        return arranged(self._snapshot(digest))

    def _rules(self, version: int, arrangement: str) -> RuleSet:
        return rules_by_version(self.conn, version) or built_in(self.directory(arrangement))

    def _snapshot(self, digest: str) -> Any:
        return self.conn.execute(select(snapshots.c.data).where(snapshots.c.digest == digest)).scalar_one()


def replays(archive: Archive) -> Iterator[Replay]:
    """Every decision of the rules, each made again under its own version and compared byte by byte."""
    wanted = (
        select(history.c.case_id, history.c.sequence, history.c.certificate)
        .where(history.c.certificate.is_not(None))
        .order_by(history.c.case_id, history.c.sequence)
    )
    for row in archive.conn.execute(wanted.execution_options(yield_per=PAGE)):
        kept = row.certificate
        if kept["version"] is None:
            continue  # a person decided
        again = replayed(
            kept,
            archive.directory(kept["arrangement"]),
            archive.roster(kept["roster"]),
            archive.rules(kept["version"], kept["arrangement"]),
        )
        yield Replay(row.case_id, row.sequence, kept["version"], canonical(again) == canonical(kept))


def pasts(
    archive: Archive,
    rules: RuleSet,
    since: datetime,
    until: datetime,
    within: ColumnElement[bool] = _EVERY_CASE,
) -> Iterator[Past]:
    """The concerns that came in the time, in their order, each as it was first decided. `within` is the sight of
    whoever looks on: what lies outside does not even count.
    """
    opening = (history.c.sequence == 1) & (history.c.case_id == cases.c.id)
    wanted = (
        select(cases, history.c.certificate)
        .join(history, opening)
        .where(cases.c.received_at >= since, cases.c.received_at < until, within)
        .order_by(cases.c.received_at, cases.c.id)
    )
    for row in archive.conn.execute(wanted.execution_options(yield_per=PAGE)).mappings():
        yield _past(archive, rules, row)


def _past(archive: Archive, rules: RuleSet, row: Mapping[Any, Any]) -> Past:
    story = _story(archive, row) if rules.keywords or rules.units else SILENCE
    told = facts_of(row, row["received_at"], story, rules, archive.office.city.time_zone)
    kept = row["certificate"]
    first = Facts.of({**kept["facts"], "keywords": told.keywords, "named_units": told.named_units})
    ended = (row["resolved_at"] or row["updated_at"]) if row["state"] in ENDED else None
    return Past(
        id=row["id"], reference=row["reference"], facts=first, roster=archive.roster(kept["roster"]),
        excluded=excluded_from(archive.conn, row["id"]), opened_at=row["received_at"], ended_at=ended,
        resident=row["resident"], kept=kept,
    )  # fmt: skip


def _story(archive: Archive, row: Mapping[Any, Any]) -> Heard:
    opening = select(messages.c.sealed).where(messages.c.case_id == row["id"], messages.c.kind == "opening")
    try:
        key = archive.office.keyring.open_key(row["key_wrapped"])
        told = key.unseal(archive.conn.execute(opening).scalar_one(), TOLD)
    except CannotUnseal:
        return SILENCE
    assert isinstance(told, dict)
    return Heard.of(told)
