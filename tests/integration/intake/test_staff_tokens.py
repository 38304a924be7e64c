"""Staff tokens at the front door: known from routing's people, good for imports, gone when revoked."""

import uuid
from datetime import timedelta

from shared.events import Event, full_type
from shared.events.sealed import token_hash
from shared.ids import new_id
from shared.sealing import KeyedHash
from tests.integration.intake.front_door import FrontDoor, prepare

PERSON = "0192d3a0-0000-7000-8000-0000000000aa"


def person(door, *, sequence, tokens=(), active=True, person_id=PERSON):
    keyed = KeyedHash(door.settings.secret_key)
    expires = (door.now() + timedelta(days=1)).isoformat()
    issued = [{"hash": token_hash(keyed, token), "expires_at": expires} for token in tokens]
    data = {"role": "liaison", "team": None, "organisation": "police", "active": active, "tokens": issued}
    return Event(
        id=new_id(),
        source="/routing",
        type=full_type("person.changed"),
        subject=uuid.UUID(person_id),
        sequence=sequence,
        time=door.now(),
        data=data,
        correlationid="test",
    )


def bring(door, token):
    return door.post({"text": "From the paper box"}, {"Authorization": f"Bearer {token}"})


def test_a_staff_token_imports_without_a_limit(databases, tmp_path):
    door = FrontDoor.open(databases.prepared("intake", prepare), tmp_path, limit_feedback="2/hour")
    door.hear([person(door, sequence=1, tokens=["good"])])
    assert [bring(door, "good").status_code for _ in range(5)] == [201] * 5
    assert {row["channel"] for row in door.rows("submissions")} == {"import"}
    assert {row["actor"] for row in door.rows("audit")} == {f"staff:{PERSON}"}
    assert [door.post({"text": "x"}).status_code for _ in range(3)] == [201, 201, 429]
    door.close()


def test_a_token_ends_when_it_is_revoked_expires_or_its_owner_leaves(door):
    door.hear([person(door, sequence=1, tokens=["good", "other"])])
    assert bring(door, "good").status_code == 201
    door.hear([person(door, sequence=2, tokens=["other"])])
    assert bring(door, "good").status_code == 401
    assert bring(door, "other").status_code == 201
    door.hear([person(door, sequence=1, tokens=["good"])])
    assert bring(door, "good").status_code == 401
    door.hear([person(door, sequence=3, tokens=["other"], active=False)])
    assert bring(door, "other").status_code == 401
    door.hear([person(door, sequence=4, tokens=["other"])])
    door.advance(days=1, minutes=1)
    assert bring(door, "other").status_code == 401
    assert len(door.rows("submissions")) == 2


def test_a_stranger_s_token_is_refused_and_keeps_nothing(lite):
    assert bring(lite, "guessed").status_code == 401
    assert lite.counts()["submissions"] == 0
