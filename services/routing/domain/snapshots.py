"""What decisions rest on, kept once and named by its digest: the city's arrangement, the people of the teams."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from services.routing.domain.directory import Directory
from services.routing.domain.facts import Colleague, Queue, Team


def canonical(data: Any) -> bytes:
    """One spelling for a JSON value: keys sorted, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(data: Any) -> str:
    """A name for a JSON value that no other has: 32 hexadecimal digits of SHA-256 over its one spelling."""
    return hashlib.sha256(canonical(data)).hexdigest()[:32]


def arrangement(directory: Directory) -> dict[str, Any]:
    """The directory as JSON values. The order of queues counts, the order of teams does not."""
    return {
        "kinds": dict(directory.kinds),
        "guarded": sorted(directory.guarded),
        "categories": sorted(directory.categories),
        "teams": [
            {
                "code": team.code,
                "organisation": team.organisation,
                "name": team.name,
                "categories": sorted(team.categories),
                "districts": sorted(team.districts),
            }
            for team in sorted(directory.teams, key=lambda team: team.code)
        ],
        "queues": [_queue_data(queue) for queue in directory.queues],
        "outside": _queue_data(directory.outside) if directory.outside else None,
    }


def _queue_data(queue: Queue) -> dict[str, str]:
    return {"code": queue.code, "organisation": queue.organisation, "name": queue.name}


def arranged(kept: Mapping[str, Any]) -> Directory:
    """The directory of an arrangement."""
    return Directory(
        kinds=kept["kinds"],
        guarded=frozenset(kept["guarded"]),
        categories=frozenset(kept["categories"]),
        teams=tuple(
            Team(**{**team, **{name: frozenset(team[name]) for name in ("categories", "districts")}})
            for team in kept["teams"]
        ),
        queues=tuple(Queue(**queue) for queue in kept["queues"]),
        outside=Queue(**kept["outside"]) if kept["outside"] else None,
    )


def roster_data(roster: Mapping[str, Iterable[Colleague]]) -> list[dict[str, Any]]:
    """Everybody of every team, by login, without loads."""
    everybody = (colleague for colleagues in roster.values() for colleague in colleagues)
    return [colleague.as_data() for colleague in sorted(everybody, key=lambda colleague: colleague.login)]


def roster_of(kept: Iterable[Mapping[str, Any]]) -> dict[str, list[Colleague]]:
    """The people of each team."""
    roster: dict[str, list[Colleague]] = {}
    for each in kept:
        colleague = Colleague.of(each)
        roster.setdefault(colleague.team, []).append(colleague)
    return roster
