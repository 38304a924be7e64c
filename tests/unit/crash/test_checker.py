"""The crash run's checker sees every kind of loss and doubling, from ledgers made by hand."""

import json
import sqlite3
from datetime import UTC, datetime

import pytest

from tests.crash.checker import check
from tests.crash.clients import marker, phone
from tests.crash.ledger import Ledger

START = 1_760_000_000.0


class Story:
    """Two concerns that went well; a test then spoils one thing."""

    def __init__(self, folder):
        self.folder = folder
        self.entries = []
        self.texts = []
        for number in (0, 1):
            case = f"case-{number}"
            self.tell("sending", START, number=number)
            told = {"id": case, "receipt": "r"} if number == 0 else {"id": None, "receipt": None}
            self.tell("confirmed", START + 1, number=number, **told)
            self.tell("case", START + 9, id=case, markers=[marker(number)], answers=[], untold=[])
            self.text(phone(number), "we have your message", START + 2)

    def tell(self, what, at=START, **facts):
        self.entries.append({"what": what, "at": at, **facts})

    def text(self, to, body, at=START):
        self.texts.append((to, body, datetime.fromtimestamp(at, UTC).isoformat()))

    def without(self, what, **facts):
        self.entries = [
            entry
            for entry in self.entries
            if entry["what"] != what or any(entry.get(name) != value for name, value in facts.items())
        ]

    def verdict(self):
        ledger = Ledger(self.folder / "clients.jsonl")
        ledger.path.write_text("".join(json.dumps(entry) + "\n" for entry in self.entries))
        provider = self.folder / "provider.sqlite3"
        with sqlite3.connect(provider) as db:
            db.execute("CREATE TABLE texts (recipient, body, at, direction)")
            db.executemany("INSERT INTO texts VALUES (?, ?, ?, 'outbound-api')", self.texts)
        return check(ledger, provider, 2)


@pytest.fixture
def story(tmp_path):
    return Story(tmp_path)


def test_a_run_without_fault_is_good(story):
    verdict = story.verdict()
    assert verdict.good
    assert (verdict.confirmed, verdict.never_texted) == (2, 0)


def test_a_concern_nobody_confirmed(story):
    story.without("confirmed", number=1)
    story.without("case", id="case-1")
    assert story.verdict().never_confirmed == [1]


@pytest.mark.parametrize("number", [0, 1])
def test_a_confirmed_concern_without_a_case(story, number):
    story.without("case", id=f"case-{number}")
    assert story.verdict().lost == [number]


def test_a_case_under_another_id_than_was_told(story):
    story.without("case", id="case-0")
    story.tell("case", id="other", markers=[marker(0)], answers=[], untold=[])
    assert story.verdict().lost == [0]


def test_two_cases_of_one_concern(story):
    story.tell("case", id="case-9", markers=[marker(1)], answers=[], untold=[])
    assert story.verdict().duplicate_cases == [1]


def test_a_case_of_nobody(story):
    story.tell("case", id="case-9", markers=[], answers=[], untold=[])
    assert story.verdict().strangers == ["case-9"]


@pytest.mark.parametrize("body", ["we have your message", "we have your message, once more"])
def test_a_second_acknowledgement(story, body):
    story.text(phone(1), body)
    assert story.verdict().texted_twice == [phone(1)]


def test_a_missing_acknowledgement_is_counted_and_no_fault(story):
    story.texts = story.texts[:1]
    verdict = story.verdict()
    assert verdict.good
    assert verdict.never_texted == 1


def replied(story, *, shown, texted, status=201, untold=0):
    text = "A lamp is ordered. answer-case-1"
    story.tell("reply", case="case-1", text=text, status=status)
    story.without("case", id="case-1")
    story.tell("case", id="case-1", markers=[marker(1)], answers=[text] * shown, untold=[text] * untold)
    for time in range(texted):
        story.text(phone(1), f"{text}\nTo answer: http://127.0.0.1/track" + "\nWe can see this number." * time)
    return story.verdict()


def test_an_answer_that_stands_and_was_texted_once(story):
    verdict = replied(story, shown=1, texted=1)
    assert verdict.good
    assert verdict.replies == 1


def test_a_confirmed_answer_that_is_gone(story):
    assert replied(story, shown=0, texted=0).replies_lost == ["case-1"]


def test_an_answer_that_nobody_tells_the_fate_of(story):
    verdict = replied(story, shown=1, texted=0, untold=1)
    assert verdict.replies_stuck == ["case-1"]
    assert not verdict.good


def test_an_answer_of_unknown_fate_may_be_gone(story):
    assert replied(story, shown=0, texted=0, status=0).good


@pytest.mark.parametrize(("shown", "texted"), [(2, 1), (1, 2)])
def test_an_answer_that_came_twice(story, shown, texted):
    assert replied(story, shown=shown, texted=texted).replies_twice == ["case-1"]


def test_kills_count_as_in_flight_only_when_something_was(story):
    story.tell("kill", START + 1.5, process="routing-worker")
    story.tell("kill", START + 5, process="routing-worker")
    story.tell("attempt", START + 6.5, number=1, outcome="ConnectionError")
    story.tell("kill", START + 6, process="intake-web")
    story.tell("kill", START + 20, process="intake-web")
    verdict = story.verdict()
    assert (verdict.kills, verdict.kills_in_flight) == (4, 2)
