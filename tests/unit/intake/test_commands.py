"""Keywords of texting are whole messages; people refuse texts in their own words; concerns are neither."""

import pytest

from services.intake.domain.commands import command, may_answer, may_call, named
from services.intake.domain.refusals import refuses_texts


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("STOP", "stop"),
        ("stop", "stop"),
        (" Stop. ", "stop"),
        ("“STOP”", "stop"),
        ("STOPALL", "stop"),
        ("stop all", "stop"),
        ("Unsubscribe", "stop"),
        ("cancel!", "stop"),
        ("END", "stop"),
        ("quit", "stop"),
        ("REVOKE", "stop"),
        ("opt-out", "stop"),
        ("opt out", "stop"),
        ("ARRÊT", "stop"),
        ("arret", "stop"),
        ("Alto", "stop"),
        ("¡BASTA!", "stop"),
        ("pare", "stop"),
        ("START", "start"),
        ("yes", "start"),
        ("Unstop", "start"),
        ("HELP", "help"),
        ("info", "help"),
    ],
)
def test_a_keyword_is_the_whole_message_in_any_case(text, meant):
    assert command(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "The traffic stop on 5th street was unfair",
        "stop sign missing",
        "Please stop",
        "ayuda",
        "yes please",
        "help me",
        "--help",
        "(stop)",
        "Where does this end",
        "stop " * 30,
    ],
)
def test_anything_else_is_for_people(text):
    assert command(text) is None


def test_yes_is_also_how_people_answer():
    assert may_answer("Yes!", "start")
    assert not may_answer("START", "start")
    assert not may_answer("Yes!", "stop")


def test_a_word_that_only_the_provider_knows_may_mean_more():
    assert may_answer("Sí", "start")
    assert may_call("ayuda", "help")
    assert not may_call("HELP", "help")
    assert not may_call("basta ya", "stop")


@pytest.mark.parametrize(
    ("said", "command"), [("STOP", "stop"), ("START", "start"), ("HELP", "help"), ("", None), ("NONE", None)]
)
def test_the_provider_s_names_of_commands(said, command):
    assert named(said) == command


@pytest.mark.parametrize(
    "text",
    [
        "please don't text me again",
        "Please don’t text me again.",
        "PLEASE STOP TEXTING ME",
        "Do not contact me again",
        "stop sending me these messages",
        "Don't send messages to this number please",
        "no more texts",
        "Take me off your list",
        "Remove my number from this",
        "Thank you for the answer. Please stop messaging me.",
        "I don't want any more texts",
        "I want to unsubscribe",
        "wrong number",
        "I revoke my consent",
        "Por favor no me manden más mensajes",
        "dejen de escribirme",
        "No quiero recibir sus mensajes",
        "Número equivocado",
        "Ne m'envoyez plus de messages",
        "Arrêtez de m'écrire",
        "não me mandem mais mensagens",
    ],
)
def test_a_refusal_in_ones_own_words_is_heard(text):
    assert refuses_texts(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The traffic stop on 5th street was unfair",
        "He will not stop texting me, please do something",
        "My ex keeps sending me messages",
        "No more texts from him since Monday, thank you",
        "They gave me the wrong number at the station",
        "The officer told me to stop filming",
        "Please stop the trucks on our street",
        "No me ayudaron cuando llamé",
        "Stop signs are missing",
        "I do not want to give my name",
        "Don't leave the lamp broken for another month",
    ],
)
def test_a_concern_is_no_refusal(text):
    assert not refuses_texts(text)


def test_hostile_length_costs_little():
    assert not refuses_texts("please " * 50_000)
