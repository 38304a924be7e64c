"""A small city for decisions: two police teams and one for the rest, two partners, oversight."""

from uuid import UUID

from services.routing.domain.decision import Staffing
from services.routing.domain.directory import Directory
from services.routing.domain.facts import Colleague, Facts, Queue, Team

GUARDED = frozenset({"force", "discrimination", "retaliation", "unsure"})
KINDS = {"police": "police", "lantern": "partner", "puente": "partner", "fair": "oversight"}
TEAMS = (
    Team(code="north", organisation="police", name="North", districts=frozenset({"1", "2"})),
    Team(
        code="north-noise", organisation="police", name="North at night",
        districts=frozenset({"2"}), categories=frozenset({"noise"}),
    ),
    Team(code="everywhere", organisation="police", name="Citywide"),
    Team(code="lantern", organisation="lantern", name="Lantern House"),
    Team(code="puente", organisation="puente", name="Puente"),
    Team(code="oversight", organisation="fair", name="Fair Hearing"),
)  # fmt: skip
QUEUES = (
    Queue(code="front-desk", organisation="police", name="the front desk"),
    Queue(code="triage", organisation="lantern", name="partner triage"),
    Queue(code="puente-desk", organisation="puente", name="Puente's desk"),
    Queue(code="oversight", organisation="fair", name="oversight"),
)
CATEGORIES = GUARDED | {"noise", "traffic"}


def directory(teams=TEAMS, queues=QUEUES, kinds=None):
    return Directory(kinds=kinds or KINDS, guarded=GUARDED, categories=CATEGORIES, teams=teams, queues=queues)


def facts(category="noise", district="1", **more):
    known = {"kind": "concern", "language": "en", "channel": "web"} | more
    return Facts(category=category, district=district, **known)


def person(number, team="north", **more):
    known = {"login": f"p{number}", "name": f"Person {number}"} | more
    return Colleague(id=UUID(int=number), team=team, **known)


def staffing(*people, loads=None, **more):
    roster = {}
    for each in people:
        roster.setdefault(each.team, []).append(each)
    return Staffing(roster, loads or {}, **more)
