"""What names a person, a badge or a unit, or tells of conduct, is found in every language of the city."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from shared import cities
from shared.mentions import Mentions


@dataclass(frozen=True)
class Words:
    titles: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    conduct: tuple[str, ...] = ()
    police: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()


ENGLISH = Words(
    ("officer", "sergeant", "sgt", "lt"), ("badge", "patrol car", "unit"), ("excessive force", "punched")
)
SPANISH = Words(("agente", "capitán"), ("placa", "número de placa"), ("fuerza excesiva", "me golpearon"))
MENTIONS = Mentions([ENGLISH, SPANISH])


@pytest.mark.parametrize(
    "text",
    [
        "It was officer Vance",
        "OFFICER GS wrote it",
        "Sgt. J. Vance came",
        "Officers JD and DC",
        "el agente Núñez",
        "La capitana no, el capitan Ruiz",
        "badge #1234",
        "Badge no. 77",
        "badge number: 12",
        "placa número 77",
        "patrol  car 501",
        "unit 12-A",
        "Officer Ångström",
    ],
)
def test_a_name_after_a_title_or_a_number_after_a_badge_word_names_somebody(text):
    assert MENTIONS.names_somebody(text)
    assert MENTIONS.is_sensitive(text)


@pytest.mark.parametrize(
    "text",
    [
        "The officer came late",
        "An officer who did not listen",
        "officer said no",
        "There is no badge on it",
        "the police never came",
        "community garden",
        "The lamp at 5th and Alder is dark",
        "",
    ],
)
def test_a_title_alone_names_nobody(text):
    assert not MENTIONS.is_sensitive(text)


@pytest.mark.parametrize(
    "text", ["They used EXCESSIVE   force", "he punched me", "Usaron fuerza excesiva", "Me golpearon"]
)
def test_conduct_words_count_whatever_the_category(text):
    assert MENTIONS.tells_of_conduct(text)
    assert MENTIONS.is_sensitive(text)


def test_words_inside_other_words_do_not_count():
    assert not MENTIONS.tells_of_conduct("unpunched tickets")
    assert not MENTIONS.names_somebody("storage community 5")


def test_a_city_without_words_finds_nothing():
    assert not Mentions([]).is_sensitive("officer Vance, badge 12, punched")


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "part",
    ["badge" + " " * 9_990, "officer" + " " * 9_990, "officer, a. ", "badge no. # ", "excessive ", "o", "é "],
)
def test_hostile_texts_cost_little(part):
    MENTIONS.is_sensitive((part * 10_000)[:10_000])


DEMO = Mentions(cities.load(Path(__file__).parents[3] / "cities" / "port-alder").words.values())


@pytest.mark.parametrize(
    "text",
    [
        "the officer was rude to me",
        "The police pushed my brother",
        "a cop yelled at us",
        "they are retaliating because I complained",
        "I was stopped because I am Black",
        "un policía me insultó",
        "me pararon por ser latino",
    ],
)
def test_the_demo_city_hears_plain_words_about_conduct(text):
    assert DEMO.tells_of_conduct(text)


@pytest.mark.parametrize(
    "text",
    [
        "The police never came",
        "My neighbour is harassing me",
        "Llamé a la policía la semana pasada",
        "Two officers came and were kind",
        "The copper pipes were stolen",
    ],
)
def test_the_demo_city_leaves_other_concerns_with_their_team(text):
    assert not DEMO.is_sensitive(text)
