"""What must hold between the parts of a city pack: every reference leads somewhere, every case finds an owner."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from shared.cities.city import ALWAYS_GUARDED, City, StaffMember, Team
from shared.cities.policies import Policy
from shared.events.catalogue.parts import CHANNELS

#: Queues that routing sends to, and the kind of organisation each belongs to.
NEEDED_QUEUES = {"oversight": "oversight", "partner-triage": "partner", "front-desk": "police"}
NEEDED_CATEGORIES = ("unsure",)
KINDS = ("concern", "suggestion", "thanks")


def check(city: City) -> list[str]:
    """Every problem in words; [] when the pack can be used."""
    return [problem for checking in _CHECKS for problem in checking(city)]


def calendars_named(form: Mapping[str, Any]) -> Iterator[str]:
    """Calendars that policies name and nobody wrote."""
    known = {entry["code"]: entry for entry in form["calendar"]}
    for entry in form["policy"]:
        named = [entry["calendar"]] if entry["calendar"] else []
        yield from _unknown(f"policy {entry['code']}", "calendar", named, known)


def repeated(form: Mapping[str, Any]) -> Iterator[str]:
    """Codes that stand in the file more than once; a City could hold only the last of them."""
    for table, name in (
        ("category", "code"), ("organisation", "code"), ("team", "code"),
        ("queue", "code"), ("calendar", "code"), ("policy", "code"), ("staff", "login"),
    ):  # fmt: skip
        for code, times in Counter(entry[name] for entry in form[table]).items():
            if times > 1:
                yield f"{table} {code} stands there {times} times"


def _labels(city: City) -> Iterator[str]:
    labelled = [("name", city.names)]
    labelled += [(f"category {c.code}: label", c.labels) for c in city.categories.values()]
    labelled += [(f"category {c.code}: hint", c.hints) for c in city.categories.values()]
    labelled += [(f"organisation {o.code}: label", o.labels) for o in city.organisations.values()]
    labelled += [(f"team {t.code}: label", t.labels) for t in city.teams.values()]
    labelled += [(f"queue {q.code}: label", q.labels) for q in city.queues.values()]
    labelled += [(f"district {d.code}: label", d.labels) for d in city.districts.values()]
    for place, labels in labelled:
        for language in dict.fromkeys(("en", *city.languages)):
            if language not in labels:
                yield f"{place} is missing in {language}"


def _categories(city: City) -> Iterator[str]:
    for code in NEEDED_CATEGORIES:
        if code not in city.categories:
            yield f"category {code} is missing; concerns that fit nowhere need it"
    for category in city.categories.values():
        if category.code in ALWAYS_GUARDED and not category.guarded:
            yield f"category {category.code} must be guarded"
        if city.is_guarded(category.code) and category.publishable:
            yield f"category {category.code} is guarded and cannot be publishable"
    for name, code in city.classifications.items():
        yield from _unknown(f"classification {name}", "category", [code], city.categories)


def _organisations(city: City) -> Iterator[str]:
    kinds = {organisation.kind for organisation in city.organisations.values()}
    for kind in NEEDED_QUEUES.values():
        if kind not in kinds:
            yield f"an organisation of kind {kind} is missing"
    owned = {queue.organisation for queue in city.queues.values()}
    for code in city.organisations:
        if code not in owned:
            yield f"organisation {code} has no queue; its cases would wait nowhere when nobody is free"


def _teams(city: City) -> Iterator[str]:
    for team in city.teams.values():
        yield from _unknown(f"team {team.code}", "organisation", [team.organisation], city.organisations)
        yield from _unknown(f"team {team.code}", "category", sorted(team.categories), city.categories)
        yield from _unknown(f"team {team.code}", "district", sorted(team.districts), city.districts)
        yield from _guarded(city, team)


def _guarded(city: City, team: Team) -> Iterator[str]:
    organisation = city.organisations.get(team.organisation)
    if organisation is None or organisation.kind != "police":
        return
    for code in sorted(team.categories):
        if code in city.categories and city.is_guarded(code):
            yield f"team {team.code} belongs to the police and cannot have the guarded category {code}"


def _queues(city: City) -> Iterator[str]:
    for queue in city.queues.values():
        yield from _unknown(f"queue {queue.code}", "organisation", [queue.organisation], city.organisations)
    for code, kind in NEEDED_QUEUES.items():
        queue_or_none = city.queues.get(code)
        if queue_or_none is None:
            yield f"queue {code} is missing; it belongs to an organisation of kind {kind}"
            continue
        organisation = city.organisations.get(queue_or_none.organisation)
        if organisation is not None and organisation.kind != kind:
            yield f"queue {code} must belong to an organisation of kind {kind}, not {organisation.kind}"


def _walls(city: City) -> Iterator[str]:
    """The outside body is nobody's of the police, and has a queue like everybody (see _organisations)."""
    outside = city.walls.outside
    if outside is None:
        return
    yield from _unknown("walls: outside", "organisation", [outside], city.organisations)
    if outside in city.organisations and city.organisations[outside].kind != "partner":
        yield f"walls: outside {outside} must be an organisation of kind partner"
    triage = city.queues.get("partner-triage")
    if triage is not None and triage.organisation == outside:
        yield f"walls: outside {outside} cannot own the queue partner-triage"


def _policies(city: City) -> Iterator[str]:
    if all(policy.conditions for policy in city.policies):
        yield "a policy without conditions is missing; it holds for everything that no other one covers"
    known: Mapping[str, tuple[str, Collection[str]]] = {
        "categories": ("category", city.categories), "districts": ("district", city.districts),
        "kinds": ("kind", KINDS), "channels": ("channel", CHANNELS),
    }  # fmt: skip
    for policy in city.policies:
        for condition, (what, codes) in known.items():
            asked = sorted(policy.conditions.get(condition, ()))
            yield from _unknown(f"policy {policy.code}", what, asked, codes)
    for one, other in combinations(city.policies, 2):
        if one.priority == other.priority and one.meets(other):
            both = f"policies {one.code} and {other.code}"
            yield f"{both} have the same priority {one.priority} for {_for_both(one, other)}"


def _for_both(one: Policy, other: Policy) -> str:
    """What two policies would both hold for."""
    codes = [policy.conditions["categories"] for policy in (one, other) if "categories" in policy.conditions]
    return ", ".join(sorted(frozenset.intersection(*codes))) if codes else "everything"


def _staff(city: City) -> Iterator[str]:
    people = {person.login: person for person in city.staff}
    for person in city.staff:
        place = f"staff {person.login}"
        if person.team is not None:
            yield from _unknown(place, "team", [person.team], city.teams)
        elif person.role != "administrator":
            yield f"{place} has no team; only an administrator may be without"
        if person.reports_to is not None:
            yield from _unknown(place, "superior", [person.reports_to], people)
    yield from _circles(people)


def _circles(people: Mapping[str, StaffMember]) -> Iterator[str]:
    """A chain of command that comes back to where it began; each circle is told once."""
    told: set[str] = set()
    for login in people:
        chain: list[str] = []
        above = login
        while above in people and above not in chain and above not in told:
            chain.append(above)
            above = people[above].reports_to or ""
        if above in chain:
            circle = chain[chain.index(above) :]
            yield f"reports_to goes in a circle: {' → '.join([*circle, circle[0]])}"
        told.update(chain)


def _owners(city: City) -> Iterator[str]:
    """In a pack with its own people, the owner of a queue is one of them, from the queue's organisation."""
    people = {person.login: person for person in city.staff}
    for queue in city.queues.values() if people else ():
        owner = people.get(queue.owner)
        if owner is None:
            yield f"queue {queue.code}: owner {queue.owner} is not among the staff"
            continue
        team = city.teams.get(owner.team or "")
        if team is None or team.organisation != queue.organisation:
            yield f"queue {queue.code}: owner {queue.owner} is not of the organisation {queue.organisation}"


def _unknown(place: str, what: str, codes: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for code in codes:
        if code not in known:
            yield f"{place} names the {what} {code}, which does not exist"


_CHECKS: tuple[Callable[[City], Iterator[str]], ...] = (
    _labels, _categories, _organisations, _teams, _queues, _walls, _policies, _staff, _owners,
)  # fmt: skip
