"""When a case leaves the house: about its head or the liaisons themselves, or when nobody of oversight is left."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from uuid import UUID

from services.routing.domain.certificate import Certificate
from services.routing.domain.directory import Directory
from services.routing.domain.facts import OVERSIGHT, Beyond
from services.routing.domain.walls.chart import Chart, Charts
from services.routing.domain.walls.subjects import ABOUT, PERSON, UNIT, Subject


def goes_outside(
    subjects: Iterable[Subject], charts: Iterable[Chart], chiefs: AbstractSet[UUID], units: AbstractSet[str]
) -> bool:
    """Whether it is about a chief, or about a unit of liaisons or somebody in one (folded names)."""
    about = [each for each in subjects if each.relation == ABOUT]
    people = {UUID(each.key) for each in about if each.kind == PERSON}
    named = {each.key for each in about if each.kind == UNIT} | Charts(charts).units(people)
    return bool(people & chiefs or named & units)


def beyond(
    keepers: Mapping[str, UUID | None],
    reviewers: AbstractSet[UUID],
    excluded: Mapping[UUID, str],
    *,
    directly: bool = False,
) -> Beyond:
    """What the wall closes beyond the teams. `keepers` answer for the queues, `reviewers` are all of oversight."""
    return Beyond(
        queues=tuple(sorted(queue for queue, keeper in keepers.items() if keeper in excluded)),
        reviewers=bool(reviewers) and reviewers <= excluded.keys(),
        directly=directly,
    )


def outside(certificate: Certificate, directory: Directory, wall: Beyond) -> Certificate:
    """The certificate, its queue exchanged where the one it names is behind the wall.

    A queue whose keeper is excluded gives way to oversight's; oversight's, once all of oversight is excluded, to
    the outside body's. `directly`: the outside body takes it in any case. Held-back cases stay held back.
    """
    certificate = replace(certificate, beyond=wall)
    if wall.directly:
        return _to(certificate, directory, "outside_body")
    if certificate.queue is None:
        return certificate
    ours = directory.kind(certificate.organisation) == OVERSIGHT
    if not ours and certificate.queue in wall.queues:
        certificate = _raised(certificate, directory)
        ours = True
    if ours and wall.reviewers:
        return _to(certificate, directory, "outside_body")
    return certificate


# Neither rule nor sentence says who may not see it: whoever takes the case reads both.
def _raised(certificate: Certificate, directory: Directory) -> Certificate:
    queue = directory.first_queue(OVERSIGHT)
    sentence = f"It is looked at first in {queue.name}."
    return _waits(certificate, queue.code, queue.organisation, "raised", sentence)


def _to(certificate: Certificate, directory: Directory, rule: str) -> Certificate:
    queue = directory.outside
    if queue is None:
        # A city that has no such body keeps it where the fewest see it.
        queue = directory.first_queue(OVERSIGHT)
    return _waits(
        certificate,
        queue.code,
        queue.organisation,
        rule,
        f"It is looked at from outside: it waits in {queue.name}.",
    )


def _waits(certificate: Certificate, queue: str, organisation: str, rule: str, sentence: str) -> Certificate:
    state = "quarantined" if certificate.facts.quarantine is not None else "in_review"
    return replace(
        certificate, rule=rule, sentence=sentence, organisation=organisation, team=None, queue=queue,
        owner_id=None, state=state,
    )  # fmt: skip
