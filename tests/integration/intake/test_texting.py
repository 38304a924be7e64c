"""A text becomes a case, a reply, a change of consent, or waits in quarantine: once, and always one of them."""

import pytest

from tests.integration.intake.front_door import SENDER


def outcomes(door):
    return [row["outcome"] for row in sorted(door.rows("inbound_texts"), key=lambda row: row["message_sid"])]


# --- keywords --------------------------------------------------------------------------------------


def test_stop_start_and_help_change_consent_and_open_nothing(door):
    for body in ("STOP", "start", "Help", "ARRÊT", "Unstop"):
        door.text(body)
    actions = [event["data"]["action"] for event in door.events()]
    assert actions == ["stop", "start", "help", "stop", "start"]
    assert {event["subject"] for event in door.events()} == {str(door.rows("contact_points")[0]["id"])}
    assert [event["sequence"] for event in door.events()] == ["1", "2", "3", "4", "5"]
    assert outcomes(door) == ["consent"] * 5
    assert door.counts()["submissions"] == 0
    assert SENDER not in repr(door.rows("outbox"))


def test_a_refusal_in_ones_own_words_holds_texts_and_reaches_a_person(door):
    door.text("Please don't text me again. The lamp is still dark.")
    consent, received = door.events()
    assert (consent["data"]["action"], consent["data"]["cause"]) == ("hold", "free_text")
    assert door.opened(received)["text"].startswith("Please don't text me")
    assert outcomes(door) == ["case"]


def test_a_traffic_stop_is_a_concern(door):
    door.text("The traffic stop on 5th street was unfair")
    assert [event["type"].split(".")[2] for event in door.events()] == ["feedback"]


def test_yes_answers_a_live_case_and_otherwise_only_opts_in(door):
    door.text("YES")
    assert outcomes(door) == ["consent"]
    door.text("The lamp is dark")
    door.text("Yes")
    assert outcomes(door) == ["consent", "case", "reply"]
    door.text("STOP")
    door.text("yes")
    assert outcomes(door)[-1] == "consent"
    assert door.rows("contact_points")[0]["opted_out"] is False


# --- what a text is about --------------------------------------------------------------------------


def test_a_second_text_continues_the_case(door):
    door.text("The lamp is dark")
    door.text("It is the one at 5th street")
    [row] = door.rows("submissions")
    first, second = door.events()
    assert (second["type"], second["subject"], second["sequence"]) == (
        "org.commonground.message.received.v1",
        str(row["id"]),
        "2",
    )
    assert first["subject"] == second["subject"]
    assert door.opened(second)["text"] == "It is the one at 5th street"
    assert outcomes(door) == ["case", "reply"]


def test_another_number_opens_its_own(door):
    door.text("The lamp is dark")
    door.text("Music all night", sender="+12155550199")
    assert len(door.rows("submissions")) == 2


def test_after_fourteen_silent_days_a_text_is_a_new_concern(door):
    door.text("The lamp is dark")
    door.advance(days=13)
    door.text("Still dark")
    door.advance(days=13)
    door.text("And still")
    assert outcomes(door) == ["case", "reply", "reply"]
    door.advance(days=14, minutes=1)
    door.text("Now it is the noise")
    assert outcomes(door)[-1] == "case"


def test_our_reply_keeps_the_thread_alive(door):
    door.text("The lamp is dark")
    case = str(door.rows("submissions")[0]["id"])
    door.advance(days=10)
    door.open_case(case)
    reply(door, case)
    door.advance(days=10)
    door.text("Thank you")
    assert outcomes(door) == ["case", "reply"]


def test_a_closed_case_is_not_continued(door):
    door.text("The lamp is dark")
    case = str(door.rows("submissions")[0]["id"])
    door.open_case(case)
    change(door, case, "closed")
    door.text("The noise now")
    assert outcomes(door) == ["case", "case"]


@pytest.mark.parametrize("by", ["sms", "call"])
def test_who_typed_somebody_s_number_reads_none_of_their_texts(door, by):
    answer = door.tell("The lamp is dark", contact={"phone": SENDER, "by": by})
    door.open_case(answer["id"])
    reply(door, answer["id"])
    door.text("My neighbour threatens me")
    messages = door.status(answer["receipt"]).get_json()["messages"]
    assert [each["text"] for each in messages] == ["The lamp is dark", "We looked"]
    new = door.events("feedback.received")[-1]
    assert new["subject"] != answer["id"]
    assert door.opened(new)["text"] == "My neighbour threatens me"
    assert outcomes(door) == ["case"]


def test_a_number_typed_elsewhere_does_not_draw_its_texts_away(door):
    door.text("The lamp is dark")
    own = door.events()[0]["subject"]
    door.advance(hours=1)
    door.tell("Music all night", contact={"phone": SENDER, "by": "sms"})
    door.text("Still dark")
    assert door.events("message.received")[0]["subject"] == own


def test_a_typed_number_is_not_looked_up_by(door):
    door.tell("The lamp is dark", contact={"phone": SENDER, "by": "sms"})
    assert door.rows("submissions")[0]["phone_hash"] is None
    assert door.rows("contact_points") == []


def test_words_about_the_police_do_not_go_to_the_police_who_own_the_case(door):
    door.text("The lamp is dark")
    case = str(door.rows("submissions")[0]["id"])
    door.open_case(case, organisation="police")
    door.text("The officer who came punched me")
    new = door.events("feedback.received")[-1]
    assert new["subject"] != case
    assert (new["data"]["category"], new["data"]["names_person"]) == ("unsure", True)
    assert outcomes(door) == ["case", "case"]


def test_words_about_the_police_go_on_with_those_outside_the_police(door):
    door.text("The lamp is dark")
    case = str(door.rows("submissions")[0]["id"])
    door.open_case(case, organisation="fair-hearing")
    door.text("The officer who came punched me")
    assert outcomes(door) == ["case", "reply"]


def test_before_routing_decided_a_texted_concern_is_with_those_outside_the_police(door):
    door.text("The lamp is dark")
    door.text("The officer who came punched me")
    assert outcomes(door) == ["case", "reply"]


# --- blank texts and pictures ----------------------------------------------------------------------


@pytest.mark.parametrize("body", ["", "  \n "])
def test_a_blank_text_waits_in_quarantine(door, body):
    door.text(body)
    [event] = door.events()
    assert event["data"]["quarantine"] == "blank"
    assert outcomes(door) == ["quarantined"]


def test_pictures_are_kept_sealed_and_said_in_words(door):
    media = {"NumMedia": "2", "MediaUrl0": "https://api.twilio.com/m/0", "MediaContentType0": "image/jpeg"}
    door.text("", **media, MediaUrl1="https://api.twilio.com/m/1", MediaContentType1="image/png")
    [row], [event] = door.rows("inbound_texts"), door.events()
    assert "2" in door.opened(event)["text"]
    assert row["media"] is not None
    assert b"api.twilio.com" not in row["media"]
    assert outcomes(door) == ["case"]


PICTURE = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/m/0", "MediaContentType0": "image/jpeg"}


def test_stop_with_a_picture_is_obeyed_and_the_picture_reaches_a_person(door):
    door.text("Stop", **PICTURE)
    consent, received = door.events()
    assert (consent["data"]["action"], consent["data"]["cause"]) == ("stop", "keyword")
    assert door.opened(received)["text"] == "Stop\n[1 × picture or file]"
    assert door.rows("contact_points")[0]["opted_out"] is True
    assert outcomes(door) == ["case"]


def test_stop_with_a_picture_continues_the_live_case(door):
    door.text("The lamp is dark")
    door.text("STOP", **PICTURE)
    assert [event["type"].split(".")[2:4] for event in door.events()[1:]] == [
        ["consent", "changed"],
        ["message", "received"],
    ]
    assert outcomes(door) == ["case", "reply"]


def test_words_with_a_picture_say_that_it_came_and_keep_their_language(door):
    door.text("Hay música todas las noches en la calle", **PICTURE)
    [event] = door.events()
    assert door.opened(event)["text"] == "Hay música todas las noches en la calle\n[1 × picture or file]"
    assert event["data"]["language"] == "es"


# --- words the operator chose at the provider ------------------------------------------------------


@pytest.mark.parametrize("said", ["STOP", "START", "HELP"])
def test_what_the_provider_took_a_text_for_is_recorded(door, said):
    door.text("an operator's own word", OptOutType=said)
    consent = door.events("consent.changed")[0]
    assert (consent["data"]["action"], consent["data"]["cause"]) == (said.lower(), "keyword")
    assert outcomes(door) == ["case" if said == "HELP" else "consent"]


def test_a_strange_opt_out_type_is_an_ordinary_text(door):
    door.text("The lamp is dark", OptOutType="MAYBE")
    assert outcomes(door) == ["case"]


def test_an_operator_s_word_for_start_still_answers_a_live_case(door):
    door.text("The lamp is dark")
    door.text("Sí", OptOutType="START")
    assert outcomes(door) == ["case", "reply"]


def test_a_sender_that_is_no_phone_is_heard_and_never_texted(door):
    door.text("Hello", sender="22395")
    assert door.events()[0]["data"]["contact_by"] == "none"


def reply(door, case):
    message = {"message_id": "0192d3a0-0000-7000-8000-000000000001", "by": case, "at": door.now().isoformat()}
    door.route(case, "reply.written", {"text": "We looked"}, public_state="with_a_person", **message)


def change(door, case, state):
    door.route(case, "state.changed", public_state=state, at=door.now().isoformat(), key=None)
