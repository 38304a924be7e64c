"""The independent check: reads what clients were told and what the provider received, and nothing else."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.crash.clients import marker, phone
from tests.crash.ledger import Ledger

#: A web kill hit work in flight when a request broke, or was on its way, this close to it.
NEAR_S = 1.5


@dataclass
class Verdict:
    """What was found; empty lists are good."""

    confirmed: int = 0
    never_confirmed: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    duplicate_cases: list[int] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    texted_twice: list[str] = field(default_factory=list)
    replies_lost: list[str] = field(default_factory=list)
    replies_twice: list[str] = field(default_factory=list)
    #: Confirmed to the liaison, and then neither sent, nor failed, nor unknown: events that never arrived.
    replies_stuck: list[str] = field(default_factory=list)
    kills: int = 0
    kills_in_flight: int = 0
    replies: int = 0
    #: Texts nobody can say the fate of: at most once means that these were not repeated.
    never_texted: int = 0

    @property
    def good(self) -> bool:
        """Whether every promise held."""
        faults = (
            self.never_confirmed, self.lost, self.duplicate_cases, self.strangers,
            self.texted_twice, self.replies_lost, self.replies_twice, self.replies_stuck,
        )  # fmt: skip
        return not any(faults)


def check(ledger: Ledger, provider: Path, concerns: int) -> Verdict:
    """Judge a run from its ledgers."""
    confirmed = {entry["number"]: entry for entry in ledger.read("confirmed")}
    verdict = Verdict(confirmed=len(confirmed), never_confirmed=[n for n in range(concerns) if n not in confirmed])
    _check_cases(verdict, ledger, confirmed)
    texts = _texts(provider)
    _check_texts(verdict, texts, confirmed)
    _check_replies(verdict, ledger, texts)
    _check_kills(verdict, ledger, confirmed, texts)
    return verdict


def _check_cases(verdict: Verdict, ledger: Ledger, confirmed: Mapping[int, dict[str, Any]]) -> None:
    """Each confirmed concern is one case with its words in it; there is no other case."""
    cases = list(ledger.read("case"))
    holding: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        for found in case["markers"]:
            holding[found].append(case["id"])
    for number, entry in confirmed.items():
        ids = holding.pop(marker(number), [])
        if not ids or (entry["id"] and entry["id"] not in ids):
            verdict.lost.append(number)
        if len(ids) > 1:
            verdict.duplicate_cases.append(number)
    verdict.strangers = [case["id"] for case in cases if not case["markers"]] + list(holding)


def _texts(provider: Path) -> list[sqlite3.Row]:
    with sqlite3.connect(f"file:{provider}?mode=ro", uri=True) as db:
        db.row_factory = sqlite3.Row
        return db.execute("SELECT recipient, body, at FROM texts WHERE direction = 'outbound-api'").fetchall()


def _check_texts(verdict: Verdict, texts: Iterable[sqlite3.Row], confirmed: Mapping[int, Any]) -> None:
    """Nobody gets the same words twice, nor two acknowledgements."""
    sent = Counter((text["recipient"], text["body"]) for text in texts)
    acknowledged = Counter(text["recipient"] for text in texts if "answer-" not in text["body"])
    verdict.texted_twice = sorted(
        {to for (to, _), times in sent.items() if times > 1}
        | {to for to, times in acknowledged.items() if times > 1}
    )
    verdict.never_texted = sum(phone(number) not in acknowledged for number in confirmed)


def _check_replies(verdict: Verdict, ledger: Ledger, texts: Iterable[sqlite3.Row]) -> None:
    """A confirmed answer stands in the case once, with its fate; no answer stands there, or is texted, twice."""
    cases = list(ledger.read("case"))
    shown = {case["id"]: Counter(case["answers"]) for case in cases}
    verdict.replies_stuck = [case["id"] for case in cases if case["untold"]]
    # What we add stands on lines of its own: where to answer, who can see the number.
    texted = Counter(text["body"].partition("\n")[0] for text in texts)
    for reply in ledger.read("reply"):
        times = shown.get(reply["case"], Counter())[reply["text"]]
        verdict.replies += reply["status"] == 201
        if reply["status"] == 201 and not times:
            verdict.replies_lost.append(reply["case"])
        if times > 1 or texted[reply["text"]] > 1:
            verdict.replies_twice.append(reply["case"])


def _check_kills(
    verdict: Verdict, ledger: Ledger, confirmed: Mapping[int, dict[str, Any]], texts: Iterable[sqlite3.Row]
) -> None:
    """A kill of a web process hit a request under way; one of a worker, a concern not yet answered."""
    answered: dict[str, float] = {}
    for text in texts:
        answered.setdefault(text["recipient"], datetime.fromisoformat(text["at"]).timestamp())
    spans = [(entry["at"], answered.get(phone(n), float("inf"))) for n, entry in confirmed.items()]
    broken = [entry["at"] for entry in ledger.read("attempt") if not isinstance(entry["outcome"], int)]
    for kill in ledger.read("kill"):
        verdict.kills += 1
        if kill["process"] == "intake-web":
            hit = any(0 <= at - kill["at"] <= NEAR_S for at in broken)
        else:
            hit = any(start < kill["at"] < end for start, end in spans)
        verdict.kills_in_flight += hit
