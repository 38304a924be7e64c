"""Decides from values alone what becomes of each event of a batch, and in which lists handlers get them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.bus.port import Record
from shared.events import Event
from shared.inbox.kinds import Kind
from shared.inbox.tables import Reason

Key = tuple[str, UUID]


@dataclass(slots=True, eq=False)
class Incoming:
    """One decoded event and where it came from; `attempts` and `waits` count earlier tries when it was parked."""

    record: Record
    event: Event
    kind: Kind
    parked: bool = False
    attempts: int = 0
    waits: int = 0

    @property
    def key(self) -> Key:
        """Within one key, events are handled in order of their sequence."""
        return self.event.source, self.event.subject


@dataclass(slots=True, eq=False)
class Held:
    """An event that must wait, and why."""

    incoming: Incoming
    reason: str
    error: str | None = None


@dataclass(slots=True)
class Sorted:
    """A batch, taken apart."""

    ready: list[Incoming] = field(default_factory=list)
    repeated: list[Incoming] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    malformed: list[Held] = field(default_factory=list)
    reused: list[Held] = field(default_factory=list)

    def take_reused(self, strangers: Sequence[Incoming]) -> None:
        """These seemed repeated, but another event had their number."""
        self.repeated = [incoming for incoming in self.repeated if incoming not in strangers]
        self.reused += [Held(incoming, Reason.REUSED, _reused(incoming)) for incoming in strangers]


def _reused(incoming: Incoming) -> str:
    event = incoming.event
    return f"Another event of {event.source} about this subject had number {event.sequence}; this one had no effect"


def sort(
    batch: Iterable[Incoming], last: Mapping[Key, int], waiting: Mapping[UUID, str], stuck: Iterable[Key]
) -> Sorted:
    """Take a batch apart.

    `last` is the highest sequence handled per key; `waiting` names events a handler cannot take yet, with
    its reason; `stuck` are keys with a failed event in front. An event behind one that is held is held too.
    """
    result = Sorted()
    reached = dict(last)
    closed = set(stuck)
    for incoming in batch:
        key, sequence = incoming.key, incoming.event.sequence
        before = reached.get(key, 0)
        if sequence <= before:
            result.repeated.append(incoming)
        elif held := _reason_to_hold(incoming, before, waiting, closed):
            (result.malformed if held.reason == Reason.FAILED else result.held).append(held)
            closed.add(key)
        else:
            reached[key] = sequence
            result.ready.append(incoming)
    _keep_last_states(result)
    return result


def _reason_to_hold(incoming: Incoming, before: int, waiting: Mapping[UUID, str], closed: set[Key]) -> Held | None:
    event, kind = incoming.event, incoming.kind
    if kind.gapless and event.sequence != before + 1:
        return Held(incoming, Reason.BLOCKED if incoming.key in closed else Reason.GAP)
    if not kind.readable:
        return Held(incoming, Reason.UNKNOWN_VERSION, event.type)
    if event.id in waiting:
        return Held(incoming, Reason.NOT_YET, waiting[event.id])
    if kind.handler is not None and (missing := kind.missing(event.data)):
        return Held(incoming, Reason.FAILED, f"Malformed: {missing}")
    return None


def _keep_last_states(result: Sorted) -> None:
    """Where an event is a whole state, only the last one of a key matters."""
    winners = {incoming.key: incoming for incoming in result.ready if not incoming.kind.gapless}
    if winners:
        kept: list[Incoming] = []
        dropped: list[Incoming] = []
        for incoming in result.ready:
            wins = incoming.kind.gapless or winners[incoming.key] is incoming
            (kept if wins else dropped).append(incoming)
        result.ready = kept
        result.repeated += dropped


def waves(ready: Sequence[Incoming]) -> list[tuple[Kind, list[Event]]]:
    """Lists of one kind each, to be handled one after the other, so that every key keeps its order.

    An event joins the newest list of its kind unless an earlier event of its key stands in a later one.
    """
    lists: list[tuple[Kind, list[Event]]] = []
    newest: dict[Kind, int] = {}
    position: dict[Key, int] = {}
    for incoming in ready:
        index = newest.get(incoming.kind, -1)
        if index < position.get(incoming.key, 0):
            index = newest[incoming.kind] = len(lists)
            lists.append((incoming.kind, []))
        lists[index][1].append(incoming.event)
        position[incoming.key] = index
    return lists
