"""Where decisions are made: the rules in force and the people of one moment, both kept by their digests."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from services.routing.domain.certificate import Certificate
from services.routing.domain.decision import decide
from services.routing.domain.directory import Directory
from services.routing.domain.facts import NOTHING_BEYOND, Beyond, Facts
from services.routing.domain.rules import built_in
from services.routing.domain.snapshots import arrangement, digest, roster_data
from services.routing.domain.walls import beyond
from services.routing.models import snapshots
from services.routing.office import Office
from services.routing.queries.rules import rules_in_force
from services.routing.queries.staffing import keepers, reviewers, staffing
from shared.db import insert_new
from shared.outbox import Transaction

ROSTER, ARRANGEMENT = "roster", "arrangement"
_NOBODY: Mapping[UUID, str] = {}


class Bench:
    """Decides for one transaction. What it chose counts as load for what it decides next."""

    def __init__(self, tx: Transaction, office: Office) -> None:
        self.office = office
        self.rules = rules_in_force(tx.conn, tx.now) or built_in(office.directory)
        at_work = staffing(tx.conn, tx.now.astimezone(office.city.time_zone))
        self._loads = dict(at_work.loads)
        self._staffing = replace(at_work, loads=self._loads)
        self._tx = tx
        self._kept = False

    def decide(
        self,
        facts: Facts,
        excluded: Mapping[UUID, str] = _NOBODY,
        continuity: UUID | None = None,
        *,
        directly: bool = False,
    ) -> Certificate:
        """A certificate that can be made again. `directly`: the outside body has it."""
        wall = self._beyond(excluded, directly=directly)
        at_work = replace(self._staffing, excluded=excluded, continuity=continuity, beyond=wall)
        made = decide(facts, self.office.directory, at_work, self.rules)
        if made.owner_id is not None:
            self._loads[made.owner_id] += 1
        self._keep()
        return replace(made, roster=self._roster_digest, arrangement=self._arrangement_digest)

    def _beyond(self, excluded: Mapping[UUID, str], *, directly: bool) -> Beyond:
        if not (excluded or directly):
            return NOTHING_BEYOND
        return beyond(self._keepers, self._reviewers, excluded, directly=directly)

    @cached_property
    def _keepers(self) -> dict[str, UUID | None]:
        return keepers(self._tx.conn)

    @cached_property
    def _reviewers(self) -> frozenset[UUID]:
        return reviewers(self._tx.conn)

    @cached_property
    def _people(self) -> list[dict[str, Any]]:
        return roster_data(self._staffing.roster)

    @cached_property
    def _roster_digest(self) -> str:
        return digest(self._people)

    @cached_property
    def _arrangement_digest(self) -> str:
        return self.office.directory.once(ARRANGEMENT, _digest)

    def _keep(self) -> None:
        """Keep the people and the arrangement once a transaction, where they are not known yet."""
        if self._kept:
            return
        known = _known(self._tx.conn, [self._roster_digest, self._arrangement_digest])
        if self._roster_digest not in known:
            self._insert(self._roster_digest, ROSTER, self._people)
        if self._arrangement_digest not in known:
            self._insert(self._arrangement_digest, ARRANGEMENT, arrangement(self.office.directory))
        self._kept = True

    def _insert(self, name: str, kind: str, data: Any) -> None:
        row = {"digest": name, "kind": kind, "data": data, "at": self._tx.now}
        insert_new(self._tx.conn, snapshots, [row], "digest")


def _known(conn: Connection, digests: list[str]) -> set[str]:
    return set(conn.scalars(select(snapshots.c.digest).where(snapshots.c.digest.in_(digests))))


def _digest(directory: Directory) -> str:
    return digest(arrangement(directory))
