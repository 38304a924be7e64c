"""What of a history moves clocks: who answered, who waits, who was asked, who took it up.

An entry is a mapping of sequence, type, at, actor_id and data. Automatic messages have no actor. Words that did
not arrive count as if they had never been said; when they arrive later after all, they count from then.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

Entry = Mapping[str, Any]

#: What became of words that did not reach the resident.
NOT_ARRIVED = ("undelivered", "failed", "held")
AND_YET_ARRIVED = ("accepted", "delivered")
#: How else a resident is spoken to, and whether it came to anything.
WAYS = ("call", "visit", "letter")
REACHED = "reached"
CONTACT_OUTCOMES = (REACHED, "missed")
#: Replies that are nobody's own words to this resident.
NOBODYS_WORDS = ("automatic", "template_only", "bulk")

ANSWERED, WAITS, ASSIGNED, MOVED, ACTED, ARRIVED = "answered", "waits", "assigned", "moved", "acted", "arrived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that moves clocks. `asked` is the sequence of the question a wait rests on, or that arrived."""

    what: str
    at: datetime
    actor: UUID | None = None
    owners: frozenset[UUID] = frozenset()
    origin: str = ""
    to: str = ""
    asked: int | None = None


def read(history: Sequence[Entry]) -> Iterator[Moment]:
    """The moments of a history, in its order."""
    fates = {entry["data"]["said_at"]: entry for entry in history if entry["type"] == "delivery.recorded"}
    said: dict[int, Entry] = {}
    for entry in history:
        if entry["type"] in ("reply.written", "state.changed"):
            said[entry["sequence"]] = entry
        reader = _READERS.get(entry["type"])
        if reader is not None:
            yield from reader(_Reading(entry, fates, said))


@dataclass(frozen=True, slots=True)
class _Reading:
    """An entry, the last word on each delivery, and what had been said before it."""

    entry: Entry
    fates: Mapping[int, Entry]
    said: Mapping[int, Entry]

    @property
    def at(self) -> datetime:
        return self.entry["at"]  # type: ignore[no-any-return]

    @property
    def data(self) -> Mapping[str, Any]:
        return self.entry["data"]  # type: ignore[no-any-return]

    def arrived(self, sequence: int) -> bool:
        """Whether the words of a step arrived, as far as anybody knows, and without a detour."""
        return sequence not in self.fates

    def acted(self) -> Iterator[Moment]:
        if self.entry["actor_id"] is not None:
            yield Moment(what=ACTED, at=self.at, actor=self.entry["actor_id"])


def _replied(reading: _Reading) -> Iterator[Moment]:
    yield from reading.acted()
    if is_answer(reading.entry) and reading.arrived(reading.entry["sequence"]):
        yield Moment(what=ANSWERED, at=reading.at)


def _moved(reading: _Reading) -> Iterator[Moment]:
    yield from reading.acted()
    if is_answer(reading.entry) and reading.arrived(reading.entry["sequence"]):
        yield Moment(what=ANSWERED, at=reading.at)
    data = reading.data
    asked = _last_question(reading) if data["to_state"] == "waiting_on_resident" else None
    yield Moment(what=MOVED, at=reading.at, origin=data["from_state"], to=data["to_state"], asked=asked)
    if asked is not None and reading.arrived(asked):
        yield Moment(what=ARRIVED, at=reading.at, asked=asked)


def _last_question(reading: _Reading) -> int | None:
    replies = (sequence for sequence, entry in reading.said.items() if entry["type"] == "reply.written")
    return max(replies, default=None)


def _delivered(reading: _Reading) -> Iterator[Moment]:
    """Words that had not arrived did after all; what was told of them before is passed over."""
    sequence = reading.data["said_at"]
    if reading.fates[sequence] is not reading.entry or reading.data["status"] not in AND_YET_ARRIVED:
        return
    if sequence in reading.said and is_answer(reading.said[sequence]):
        yield Moment(what=ANSWERED, at=reading.at)
    yield Moment(what=ARRIVED, at=reading.at, asked=sequence)


def _contacted(reading: _Reading) -> Iterator[Moment]:
    yield from reading.acted()
    if is_answer(reading.entry):
        yield Moment(what=ANSWERED, at=reading.at)


def _wrote(reading: _Reading) -> Iterator[Moment]:
    """The resident waits since intake had it, whatever the queue between."""
    yield Moment(what=WAITS, at=datetime.fromisoformat(reading.data["at"]))


def _assigned(reading: _Reading) -> Iterator[Moment]:
    yield Moment(what=ASSIGNED, at=reading.at, owners=owners(reading.data))
    yield from reading.acted()


def _accepted(reading: _Reading) -> Iterator[Moment]:
    yield from reading.acted()


def owners(data: Mapping[str, Any]) -> frozenset[UUID]:
    """Who answers for the case after a step that gave it away; in joint cases several do."""
    named = [data.get("owner_id"), *(data.get("joint_owner_ids") or ())]
    return frozenset(UUID(str(person)) for person in named if person)


def is_answer(entry: Entry) -> bool:
    """Whether a person told the resident something in this step: in writing, or in a talk that reached them."""
    kind, data = entry["type"], entry["data"]
    if entry["actor_id"] is None or any(data.get(flag) for flag in NOBODYS_WORDS):
        return False
    if kind == "state.changed":
        return bool(data["to_state"] == "resolved")
    return bool(kind == "reply.written" or (kind == "contact.logged" and data["outcome"] == REACHED))


_READERS: Mapping[str, Callable[[_Reading], Iterator[Moment]]] = {
    "case.opened": _assigned,
    "case.assigned": _assigned,
    "case.accepted": _accepted,
    "state.changed": _moved,
    "reply.written": _replied,
    "contact.logged": _contacted,
    "message.recorded": _wrote,
    "delivery.recorded": _delivered,
}
