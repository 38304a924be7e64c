"""The prober: every route of the table, asked as somebody who must not learn that a case exists."""

import difflib
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import time_machine

from services.routing.domain.references import new_reference
from services.routing.handlers import people
from tests.integration.routing.pages.browser import Browser

NO_DRAFT = UUID(int=5)
API = "/api/staff/v1"
#: Operators' routes: no proxy lets them through to staff.
FOR_OPERATORS = {"/healthz", "/readyz", "/metrics"}
#: Each counts as a guess at a secret, and too many are refused; it knows people, not cases.
GUESSES = {"/account/password/<secret>"}
#: Acts of one's own account and on people: they end the session that probes, and know no case.
NOT_ABOUT_CASES = ("/account/", "/admin/people", "/admin/chart", "/static/")
#: What every route is asked besides its bare address; what it does not know it refuses alike in both worlds.
QUERIES = (
    "", "?box=all", "?box=unassigned&limit=200", "?box=team", "?box=due", "?box=waiting",
    "?by=owner", "?by=category&key=force&which=all", "?by=team", "?q={reference}",
    "?cursor={case}", "?key={owner}&by=owner",
    "?box=all&category=force", "?queue=oversight", "?person={owner}",
)  # fmt: skip
#: A body that gets past the form of each act; an act that is new is sent an empty one.
BODIES = {
    "replies": {"text": "x"}, "notes": {"text": "x"}, "assignment": {"owner_id": str(UUID(int=7)), "reason": "x"},
    "recusal": {"reason": "x"}, "state": {"state": "in_progress"}, "naming": {"name": "x"},
    "reply": {"text": "x"}, "note": {"text": "x"}, "assign": {"owner_id": str(UUID(int=7)), "reason": "x"},
    "recuse": {"reason": "x"},
}  # fmt: skip


@dataclass(frozen=True)
class Hidden:
    """A case nobody may learn of, and the place it has."""

    case_id: UUID
    reference: str
    owner: str

    def neutral(self, answers):
        """Answers with what was asked for taken out of their addresses and echoes."""

        def plain(text):
            for part in (str(self.case_id), self.reference):
                text = text.replace(part, "ASKED")
            return text

        return {
            plain(address): (status, plain(body), [(name, plain(value)) for name, value in headers])
            for address, (status, body, headers) in answers.items()
        }


def absent() -> Hidden:
    """A case that does not exist."""
    return Hidden(uuid4(), new_reference(), str(uuid4()))


@dataclass
class Prober:
    """`probes` counts what was asked; `leaks` tells each answer that gave something away."""

    app: object
    world: object
    missing: Hidden = field(default_factory=absent)
    #: A draft of rules that decided the past for whoever asks.
    draft: UUID = NO_DRAFT
    probes: int = 0
    leaks: list = field(default_factory=list)
    moment: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1))

    def as_(self, actor):
        return Caller(self, actor)

    @contextmanager
    def standing_still(self):
        """One moment for every probe, so that answers differ by nothing but what there is."""
        with time_machine.travel(self.moment, tick=False):
            yield

    def routes(self, method):
        """Every address of the method: (rule, names of its parts)."""
        rules = [rule for rule in self.app.url_map.iter_rules() if method in rule.methods]
        return [rule for rule in rules if rule.rule not in FOR_OPERATORS | GUESSES]


class Caller:
    """A person with a browser and a program."""

    def __init__(self, prober, actor):
        self.prober, self.actor = prober, actor
        with prober.standing_still():
            self.browser = Browser(prober.app, prober.world, actor)
            with prober.world.routing.outbox.transaction() as tx:
                issued = people.issue_token(tx, prober.world.routing.office, actor.login)
            self.token = self.browser.token()
        self.headers = {"Authorization": f"Bearer {issued.token}"}
        self.program = prober.app.test_client(use_cookies=False)

    def ask(self, address, method="GET", body=None):
        """(status, body, headers) without what is another each time."""
        self.prober.probes += 1
        if address.startswith(API):
            sent = {"json": body} if body is not None else {}
            answer = self.program.open(address, method=method, headers={**self.headers, "If-Match": '"1"'}, **sent)
        else:
            form = {"data": body | {"csrf_token": self.token}} if body is not None else {}
            answer = self.browser.http.open(address, method=method, **form)
        return answer.status_code, settled(answer.text), headers_of(answer)

    def everything(self, hidden=None):
        """Every answer by its address; the case asked for in them is one that does not exist, or the hidden one."""
        hidden = hidden or self.prober.missing
        with self.prober.standing_still():
            return {address: self.ask(address) for address in self._addresses(hidden)}

    def _addresses(self, hidden):
        for rule in self.prober.routes("GET"):
            if "case_id" in rule.arguments:
                continue
            for query in ("",) if rule.arguments or rule.rule.startswith(NOT_ABOUT_CASES) else QUERIES:
                place = filled(rule, hidden, self.actor, {"draft_id": self.prober.draft})
                yield place + query.format(reference=hidden.reference, case=hidden.case_id, owner=hidden.owner)

    def of_one_case(self, hidden):
        """Every answer about the case: reading it, and doing anything with it."""
        found = {}
        with self.prober.standing_still():
            for method in ("GET", "POST"):
                for rule in self.prober.routes(method):
                    if "case_id" in rule.arguments and not rule.rule.startswith(NOT_ABOUT_CASES):
                        for act, address in acts(rule, hidden, self.actor):
                            body = BODIES.get(act, {}) if method == "POST" else None
                            status, said, headers = self.ask(address, method, body)
                            told = said.replace(str(hidden.case_id), "CASE")
                            found[method, address.replace(str(hidden.case_id), "CASE")] = status, told, headers
        return found

    def compare(self, before, after, what):
        """Note every answer that is another, or is there in one world only."""
        for address in sorted(before.keys() | after.keys(), key=str):
            if before.get(address) != after.get(address):
                told = differences(before.get(address), after.get(address))
                self.prober.leaks.append((self.actor.login, what, address, told))


def acts(rule, hidden, actor):
    """(act, address) for a rule that may have several acts in one part."""
    several = re.search(r"<any\(([^)]*)\):(\w+)>", rule.rule)
    for act in several[1].split(", ") if several else [rule.rule.rpartition("/")[2]]:
        yield act, filled(rule, hidden, actor, {several[2]: act} if several else {})


def filled(rule, hidden, actor, more=()):
    """The address of a rule. A part nobody has thought of fails: what it names may be a case."""
    known = {
        "case_id": hidden.case_id, "login": actor.login, "name": "none.css", "secret": "none",
        "session_id": UUID(int=1), "token_id": UUID(int=1), "subject_id": UUID(int=2), "person_id": UUID(int=3),
        "post_id": UUID(int=4), "version": 0, "draft_id": NO_DRAFT,
    } | dict(more)  # fmt: skip
    unknown = rule.arguments - known.keys()
    assert not unknown, f"say what {unknown} of {rule.rule} may be"
    _, address = rule.build({name: known[name] for name in rule.arguments})
    return address


_OTHER_EACH_TIME = re.compile(r'(name="csrf_token"[^>]*value="|content="|"requestId": ?")[A-Za-z0-9._-]{30,}"')


_NUMBER_OF_FAULT = re.compile(r'(name the number |"instance": ?"(?:urn:uuid:)?)[0-9a-f-]{36}')


def settled(text):
    return _NUMBER_OF_FAULT.sub(r"\1…", _OTHER_EACH_TIME.sub(r'\1…"', text))


def headers_of(answer):
    other = {
        "set-cookie",
        "date",
        "x-request-id",
        "content-length",
        "traceparent",
        "x-correlation-id",
        "correlation-id",
    }
    return sorted((name.lower(), value) for name, value in answer.headers if name.lower() not in other)


def differences(one, other):
    """What is another in the second answer: status, lines, headers."""
    if one is None or other is None:
        return ["asked once only"]
    found = [f"{one[0]} → {other[0]}"] if one[0] != other[0] else []
    lines = difflib.unified_diff(one[1].split("\n"), other[1].split("\n"), n=0, lineterm="")
    found += [line[:200] for line in list(lines)[2:] if not line.startswith("@@")]
    return found + [f"{name}: {value}" for name, value in set(one[2]) ^ set(other[2])]
