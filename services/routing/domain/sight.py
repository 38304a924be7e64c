"""Who sees which case, as data that every query passes through."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from services.routing.domain.roles import READ, may


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A member of staff at work: who, in which role, for whom, and the queues she answers for."""

    id: UUID
    login: str
    name: str
    role: str
    team: str | None = None
    organisation: str | None = None
    unit: str | None = None
    languages: tuple[str, ...] = ()
    queues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Where a case stands: what sight looks at."""

    owner_id: UUID | None
    team: str | None
    queue: str | None
    organisation: str
    excluded: AbstractSet[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Everything, or what one of the four conditions admits; never a case that is closed to the person."""

    person: UUID
    everything: bool = False
    owned: bool = False
    team: str | None = None
    queues: frozenset[str] = frozenset()
    organisation: str | None = None


def sight_of(actor: Actor) -> Sight:
    """What the actor's role and place let her see; the person of an unknown role sees nothing."""
    if not may(actor.role, READ):
        return Sight(person=actor.id)
    if actor.role in ("oversight", "auditor"):
        return Sight(person=actor.id, everything=True)
    organisation = actor.organisation if actor.role == "supervisor" else None
    return Sight(
        person=actor.id, owned=True, team=actor.team, queues=actor.queues, organisation=organisation
    )  # fmt: skip


def sees(sight: Sight, placing: Placing) -> bool:
    """Whether the case stands within the sight. Queries ask the same of the database."""
    if sight.person in placing.excluded:
        return False
    return (
        sight.everything
        or (sight.owned and placing.owner_id == sight.person)
        or (sight.team is not None and placing.team == sight.team)
        or (placing.queue is not None and placing.queue in sight.queues)
        or (sight.organisation is not None and placing.organisation == sight.organisation)
    )
