"""Many at once, in threads and in processes: each is kept, keys count once, and nobody fails for a neighbour."""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import event as sqlalchemy_event

from services.intake import app as web
from services.intake.domain import receipts
from services.intake.handlers.accept import KeyReused
from tests.integration.intake.front_door import ROOT


def house(door):
    return door.app.extensions[web.EXTENSION]


def concern(door, text="The lamp is dark.", **more):
    return house(door).understanding.concern({"text": text, "language": "en", **more}, "api")


def test_a_crowd_is_kept_whole_in_few_commits(door):
    acceptance = house(door).acceptance
    commits = []
    sqlalchemy_event.listen(house(door).engine, "checkin", lambda *_: commits.append(1))
    with ThreadPoolExecutor(24) as crowd:
        answers = list(crowd.map(lambda n: acceptance.accept(concern(door, f"Lamp {n}"), "resident"), range(240)))
    assert len({answer.receipt for answer in answers}) == 240
    assert {row["id"] for row in door.rows("submissions")} == {answer.id for answer in answers}
    assert {row["item_id"] for row in door.rows("outbox")} == {answer.id for answer in answers}
    assert len(door.rows("audit")) == 240
    assert len(commits) < 200
    texts = {door.opened(event)["text"] for event in door.events()}
    assert texts == {f"Lamp {n}" for n in range(240)}


def test_one_key_in_a_crowd_is_one_concern(door):
    acceptance = house(door).acceptance
    key = acceptance.key("same", b"body")
    with ThreadPoolExecutor(24) as crowd:
        answers = list(crowd.map(lambda _: acceptance.accept(concern(door), "resident", key), range(48)))
    assert len(set(answers)) == 1
    assert len(door.rows("submissions")) == len(door.rows("outbox")) == 1


def test_one_key_with_two_bodies_in_a_crowd_keeps_one(door):
    acceptance = house(door).acceptance

    def one(n):
        try:
            return acceptance.accept(
                concern(door, f"Body {n % 2}"), "resident", acceptance.key("same", b"%d" % (n % 2))
            )
        except KeyReused:
            return None

    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(one, range(32)))
    assert len({answer for answer in answers if answer}) == 1
    assert answers.count(None) == 16
    assert len(door.rows("submissions")) == 1


def test_a_receipt_that_meets_another_is_drawn_again_and_hurts_nobody(door):
    acceptance = house(door).acceptance
    drawn = iter(["1" * 16, *["1" * 16] * 2, *[receipts.draw() for _ in range(60)]])
    lock = threading.Lock()

    def draw():
        with lock:
            return next(drawn)

    acceptance._draw = draw
    first = acceptance.accept(concern(door), "resident")
    with ThreadPoolExecutor(12) as crowd:
        answers = list(crowd.map(lambda n: acceptance.accept(concern(door, f"Lamp {n}"), "resident"), range(24)))
    assert first.receipt == "1" * 16
    assert len({answer.receipt for answer in [first, *answers]}) == 25
    assert len(door.rows("submissions")) == len(door.rows("outbox")) == 25


def test_the_bell_rings_once_a_commit_and_after_it(door):
    rung = []
    acceptance = house(door).acceptance
    box = acceptance._outbox

    class Bell:
        def ring(self):
            rung.append(len(door.rows("submissions")))

    object.__setattr__(box, "bell", Bell())
    acceptance.accept(concern(door), "resident", acceptance.key("once", b""))
    acceptance.accept(concern(door), "resident", acceptance.key("once", b""))
    assert rung == [1]


POSTER = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tests.integration.intake.front_door import FrontDoor
door = FrontDoor.open(sys.argv[1], Path(sys.argv[2]))
def one(n):
    answer = door.app.test_client().post("/api/v1/feedback", json={"text": f"Lamp {n}", "language": "en"},
                                         headers={"Idempotency-Key": f"key-{n}"})
    return [n, answer.status_code, answer.get_json().get("receipt")]
with ThreadPoolExecutor(8) as crowd:
    print(json.dumps(list(crowd.map(one, range(60)))))
door.close()
"""


def test_two_processes_with_the_same_keys_keep_each_concern_once(door, intake_url, tmp_path):
    command = [sys.executable, "-c", POSTER, intake_url, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [json.loads(each.communicate(timeout=100)[0]) for each in running]
    assert all(status == 201 for answers in told for _, status, _ in answers)
    assert sorted(told[0]) == sorted(told[1])
    assert len(door.rows("submissions")) == len(door.rows("outbox")) == 60
