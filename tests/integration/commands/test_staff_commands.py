"""`user` and `token`: people come, are listed, get tokens that open the staff API's front door, and leave."""

import json

from sqlalchemy import select

from commonground.demo import staff
from services.intake.models import staff_tokens
from services.routing.models import invitations, people, tokens
from shared.config import Settings
from tests.integration.commands.town import Town

ADD = ("user", "add", "new.person", "--name", "New Person", "--role", "liaison", "--team", "harbour")


def person(town: Town, login: str) -> dict[str, object]:
    return next(row for row in town.told("user", "list") if row["login"] == login)


def test_a_person_is_added_with_everything_that_is_known(small_town: Town) -> None:
    more = (
        "--unit",
        "Desk 9",
        "--badge",
        "B-9",
        "--reports-to",
        "sage.sample",
        "--language",
        "es",
        "--language",
        "en",
    )
    added = small_town.told(*ADD, *more)
    assert added["exit"] == 0
    assert added["link"].startswith("http://127.0.0.1:8000/account/password/")
    listed = person(small_town, "new.person")
    assert listed == {
        "id": added["id"],
        "login": "new.person",
        "name": "New Person",
        "role": "liaison",
        "team": "harbour",
        "unit": "Desk 9",
        "badge": "B-9",
        "reports_to": "sage.sample",
        "active": True,
    }


def test_the_link_is_kept_as_a_hash_only(small_town: Town) -> None:
    secret = small_town.told(*ADD)["link"].rpartition("/")[2].encode()
    with small_town.engines["routing"].connect() as conn:
        kept = conn.execute(select(invitations.c.secret_hash)).scalars().all()
    assert len(kept) == 1
    assert secret not in kept


def test_refusals_are_sentences_without_a_traceback(small_town: Town) -> None:
    taken = small_town.command("user", "add", "sage.sample", "--name", "x", "--role", "supervisor")
    unknown = small_town.command(*ADD[:-1], "no-such-team")
    nobody = small_town.command("user", "disable", "nobody")
    words = [str(done.exception) for done in (taken, unknown, nobody)]
    assert [done.exit_code for done in (taken, unknown, nobody)] == [1, 1, 1]
    assert words[0] == "The login 'sage.sample' is taken."
    assert words[1].startswith("Teams are ")
    assert words[2] == "Nobody has the login 'nobody'."


def test_people_read_a_table(small_town: Town) -> None:
    listed = small_town.command("user", "list")
    assert "linden.mau" in listed.output
    assert "Linden Mẫu" in listed.output


def test_who_is_disabled_owns_nothing_and_opens_nothing(town: Town) -> None:
    issued = town.told("token", "create", "--user", "linden.mau")
    town.tell()
    town.relay()
    town.consume("routing")
    left = town.told("user", "disable", "linden.mau")
    assert (left["exit"], left["active"], left["cases_handed_over"]) == (0, False, 1)
    assert person(town, "linden.mau")["active"] is False
    assert town.told("reconcile")["unowned"] == 0
    assert known_at_the_front_door(town, issued["token"]) is False


def test_a_token_is_shown_once_and_known_everywhere_until_revoked(town: Town) -> None:
    issued = town.told("token", "create", "--user", "ivy.sample", "--days", "2")
    assert set(issued) >= {"token", "expires_at"}
    assert known_at_the_front_door(town, issued["token"]) is True
    with town.engines["routing"].connect() as conn:
        assert issued["token"] not in str(conn.execute(select(tokens)).all())
    assert town.command("token", "revoke", issued["token"]).exit_code == 0
    assert known_at_the_front_door(town, issued["token"]) is False


def test_a_token_may_be_revoked_by_its_id(small_town: Town) -> None:
    issued = small_town.told("token", "create", "--user", "ivy.sample")
    assert small_town.told("token", "revoke", issued["id"])["revoked"] is True
    again = small_town.command("token", "revoke", issued["id"])
    assert (again.exit_code, str(again.exception)) == (1, "There is no such token, or it has been revoked.")


def test_nobody_gets_a_token_for_ever(small_town: Town) -> None:
    done = small_town.command("token", "create", "--user", "ivy.sample", "--days", "5000")
    assert done.exit_code == 2
    assert "1<=x<=366" in done.output


def test_the_people_of_the_demo_are_signed_up_once_and_stay_as_they_are(small_town: Town) -> None:
    small_town.command("user", "disable", "hazel.exemple")
    staff.sign_up(Settings.load("routing", small_town.environ))
    assert len(small_town.told("user", "list")) == 15
    assert person(small_town, "hazel.exemple")["active"] is False
    with small_town.engines["routing"].connect() as conn:
        assert None not in conn.execute(select(people.c.password_hash)).scalars().all()


def known_at_the_front_door(town: Town, token: str) -> bool:
    """Whether intake lets the token in, after what routing published has arrived."""
    town.relay("routing")
    town.consume("intake")
    with town.engines["intake"].connect() as conn:
        assert json.dumps([str(row) for row in conn.execute(select(staff_tokens))]).count(token) == 0
    return town.house.tokens.person(token) is not None
