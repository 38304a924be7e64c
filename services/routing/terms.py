"""The terms a case was received under: kept word for word at its opening, read again whenever its clocks move."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from services.routing.domain.clocks import Rung, Terms
from services.routing.models import policies
from shared.cities import City, Policy
from shared.db import insert_new
from shared.hours import Calendar


class TermsBook:
    """Terms by their digest. What stands in `policies` never changes, so what was read once is remembered."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._known: dict[str, Terms] = {}

    def of_policy(self, policy: Policy) -> Terms:
        """What the policy promises."""
        if policy.digest not in self._known:
            self._known[policy.digest] = terms_in(policy.as_data())
        return self._known[policy.digest]

    def of_case(self, conn: Connection, case: Mapping[str, Any]) -> Terms:
        """What was promised when the case (a row) came, whatever the policy promises now."""
        digest = case["terms"]
        if digest not in self._known:
            document = conn.scalar(select(policies.c.document).where(policies.c.digest == digest))
            if document is None:
                return self.of_policy(self._city.policy_for(case["category"], code=case["policy"]))
            self._known[digest] = terms_in(document)
        return self._known[digest]


def keep_terms(conn: Connection, used: Iterable[Policy], now: datetime) -> None:
    """Keep the policies' documents, each once for ever."""
    rows = [
        {
            "digest": policy.digest, "code": policy.code, "version": policy.version,
            "document": policy.as_data(), "first_used_at": now,
        }
        for policy in {policy.digest: policy for policy in used}.values()
    ]  # fmt: skip
    insert_new(conn, policies, rows, returning="digest")


def terms_in(document: Mapping[str, Any]) -> Terms:
    """The terms a document holds."""
    return Terms(
        spans={clock: timedelta(seconds=seconds) for clock, seconds in document["spans_s"].items()},
        hours=Calendar(document["zone"], document["opening_hours"]),
        warning=document["warning"],
        ladder=tuple(Rung(timedelta(seconds=after), tell) for after, tell in document["ladder"]),
    )
