"""`commonground reconcile` finds everything wherever it is, and notices what is nowhere."""

from sqlalchemy import delete, update

from services.intake.handlers.say import Message
from services.intake.models import inbound_texts, outbox
from services.notifications.models import metadata as notifications_tables
from services.routing.models import cases, clock_intervals, history, messages, people, queues, timers
from shared.ids import new_id
from tests.integration.commands.town import Town

NOTHING = {"accepted": 0, "cases": 0, "replies": 0, "consent": 0, "quarantined": 0, "in_flight": 0}


def said(text: str) -> Message:
    return Message(new_id(), "api", text)


def counts(town: Town) -> dict[str, object]:
    told = town.told("reconcile")
    return {name: told[name] for name in (*NOTHING, "agrees", "exit")}


def agreeing(**known: int) -> dict[str, object]:
    return {**NOTHING, **known, "agrees": True, "exit": 0}


def test_nothing_is_nothing(small_town: Town) -> None:
    assert counts(small_town) == agreeing()


def test_a_concern_is_found_at_every_step_of_its_way(town: Town) -> None:
    town.tell()
    assert counts(town) == agreeing(accepted=1, in_flight=1)  # in the outbox
    town.relay()
    assert counts(town) == agreeing(accepted=1, in_flight=1)  # on the bus
    town.consume("routing")
    assert counts(town) == agreeing(accepted=1, cases=1)


def test_a_reply_is_found_at_every_step_of_its_way(town: Town) -> None:
    receipt = town.tell()
    town.relay()
    town.consume("routing")
    town.house.conversations.write(receipt, said("It is still out."))
    assert counts(town) == agreeing(accepted=2, cases=1, in_flight=1)
    town.relay()
    assert counts(town) == agreeing(accepted=2, cases=1, in_flight=1)
    town.consume("routing")
    assert counts(town) == agreeing(accepted=2, cases=1, replies=1)


def test_a_change_of_consent_is_found_at_every_step_of_its_way(town: Town) -> None:
    assert town.text("STOP") == "consent"
    assert counts(town) == agreeing(accepted=1, in_flight=1)
    town.relay()
    assert counts(town) == agreeing(accepted=1, in_flight=1)
    town.consume("notifications")
    assert counts(town) == agreeing(accepted=1, consent=1)
    assert town.text("START", sid="SM2") == "consent"
    assert counts(town) == agreeing(accepted=2, consent=1, in_flight=1)


def test_a_refusal_in_own_words_counts_once_as_what_a_person_reads(small_town: Town) -> None:
    assert small_town.text("please do not text me ever again, the noise is over anyway") == "case"
    assert counts(small_town) == agreeing(accepted=1, in_flight=1)
    small_town.relay()
    small_town.consume("routing")
    small_town.consume("notifications")
    assert counts(small_town) == agreeing(accepted=1, cases=1)


def test_a_blank_text_waits_in_quarantine(small_town: Town) -> None:
    assert small_town.text("   ") == "quarantined"
    small_town.relay()
    small_town.consume("routing")
    assert counts(small_town) == agreeing(accepted=1, quarantined=1)


def test_a_record_that_came_twice_counts_once(small_town: Town) -> None:
    small_town.tell()
    small_town.relay()
    with small_town.engines["intake"].begin() as conn:
        conn.execute(update(outbox).values(sent_at=None))
    small_town.consume("routing")
    small_town.relay()
    assert counts(small_town) == agreeing(accepted=1, cases=1)


def test_what_is_put_aside_is_under_way(small_town: Town) -> None:
    receipt = small_town.tell()
    small_town.house.conversations.write(receipt, said("It is still out."))
    with small_town.engines["intake"].begin() as conn:
        conn.execute(update(outbox).where(outbox.c.sequence == 1).values(sent_at=small_town.house.clock.now()))
    small_town.relay()  # the second event alone: the first was lost on its way
    small_town.consume("routing")
    found = counts(small_town)
    assert (found["accepted"], found["in_flight"], found["agrees"], found["exit"]) == (2, 1, False, 1)


def test_a_case_that_vanished_is_noticed(small_town: Town) -> None:
    small_town.tell()
    small_town.tell("A second one.")
    small_town.relay()
    small_town.consume("routing")
    with small_town.engines["routing"].begin() as conn:
        for table in (messages, history, clock_intervals):
            conn.execute(delete(table))
        conn.execute(delete(timers))
        conn.execute(delete(cases))
    found = counts(small_town)
    assert (found["accepted"], found["cases"], found["agrees"], found["exit"]) == (2, 0, False, 1)
    assert "The counts differ by +2" in small_town.command("reconcile").output


def test_consent_that_was_lost_on_its_way_is_noticed(small_town: Town) -> None:
    small_town.text("STOP")
    small_town.relay()
    small_town.consume("notifications")
    inbox = notifications_tables.tables["inbox"]
    with small_town.engines["notifications"].begin() as conn:
        conn.execute(delete(inbox))
    with small_town.engines["intake"].begin() as conn:
        assert conn.execute(inbound_texts.select()).all()
    found = counts(small_town)
    assert (found["accepted"], found["consent"], found["agrees"]) == (1, 0, False)


def test_a_case_nobody_answers_for_is_noticed(small_town: Town) -> None:
    small_town.tell()
    small_town.relay()
    small_town.consume("routing")
    with small_town.engines["routing"].begin() as conn:
        conn.execute(update(people).values(active=False))
    told = small_town.told("reconcile")
    assert (told["unowned"], told["agrees"], told["exit"]) == (1, False, 1)
    assert "1 open cases have neither" in small_town.command("reconcile").output
    with small_town.engines["routing"].begin() as conn:
        conn.execute(update(cases).values(state="resolved"))
    assert small_town.told("reconcile")["unowned"] == 0  # nobody owes anything: whoever wakes it finds an owner


def test_a_queue_with_an_owner_is_good_enough(town: Town) -> None:
    town.tell(category="force")
    town.relay()
    town.consume("routing")
    with town.engines["routing"].begin() as conn:
        conn.execute(update(cases).values(owner_id=None, queue="oversight"))
    assert town.told("reconcile")["unowned"] == 0
    with town.engines["routing"].begin() as conn:
        conn.execute(update(queues).values(owner_id=None))
    assert town.told("reconcile")["unowned"] == 1


def test_waiting_lets_what_is_under_way_arrive(small_town: Town) -> None:
    small_town.tell()
    done = small_town.told("reconcile", "--wait", "0.6")
    assert (done["in_flight"], done["exit"]) == (1, 0)


def test_people_are_told_in_words(small_town: Town) -> None:
    done = small_town.command("reconcile")
    assert done.exit_code == 0
    assert "The counts agree: 0 accepted, 0 found." in done.output
    assert "Every open case has an owner" in done.output
