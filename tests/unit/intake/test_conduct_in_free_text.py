"""How much of what residents really wrote is kept from the district, and how much is held without need."""

import csv
import re
from pathlib import Path

import pytest

from shared import cities
from shared.mentions import Mentions
from shared.mentions.phrases import Phrases, Text

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
MENTIONS = Mentions(cities.load(ROOT / "cities" / "port-alder").words.values())


def rows(name):
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not beside this checkout")
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def share(texts):
    return 100 * sum(map(MENTIONS.is_sensitive, texts)) / len(texts)


def said(measure):
    """The figure docs/security.md gives."""
    found = re.search(rf"{re.escape(measure)} \| ([\d.]+) %", (ROOT / "docs" / "security.md").read_text())
    assert found, f"docs/security.md does not give: {measure}"
    return float(found[1])


def test_complaints_are_kept_from_the_district_by_their_words_alone():
    kept = share([row["narrative"] for row in rows("complaints.csv")])
    assert kept >= 98
    assert said("complaints about police kept from the district") == pytest.approx(kept, abs=0.05)


@pytest.mark.parametrize("column", ["original", "english"])
def test_other_messages_are_not_held(column):
    held = share([row[column] for row in rows("sms.csv")])
    assert held <= 3
    assert said(f"text messages held without need ({column})") == pytest.approx(held, abs=0.05)


@pytest.mark.parametrize(
    "text",
    [
        "Two policemen shoved my son against the wall",
        "Los oficiales empujaron a mi hermano",
        "Des policiers ont frappé mon voisin",
        "Polisye yo bat frè m san rezon",
        "Os policiais xingaram minha mãe",
        "那个警察骂我，还推了我妈妈",
        "那個警察罵我，還推了我媽媽",
        "Cảnh sát đẩy tôi ngã xuống đường",
        "canh sat day toi nga xuong duong",
        "الشرطة ضربت أخي في الشارع",
        "وضربني الشرطي أمام بيتي",
        "Полицейский ударил моего брата",
    ],
)
def test_conduct_is_heard_in_every_language_of_the_words(text):
    assert MENTIONS.tells_of_conduct(text)


@pytest.mark.parametrize(
    "text",
    [
        "Please send police to the park at night",
        "La policía llegó rápido, gracias",
        "La police est venue, merci beaucoup",
        "Lapolis te vini vit, mèsi",
        "A polícia chegou rápido, obrigado",
        "警察来得很快，谢谢",
        "Cảnh sát đến rất nhanh, cảm ơn",
        "الشرطة جاءت بسرعة، شكرا",
        "Полиция приехала быстро, спасибо",
        "My neighbour threw bottles and yelled at 10 pm",
    ],
)
def test_police_alone_or_a_wrong_alone_holds_nothing(text):
    assert not MENTIONS.is_sensitive(text)


@pytest.mark.parametrize(
    ("phrase", "text", "stands"),
    [
        ("harass*", "they were HARASSING us", True),
        ("harass*", "unharassed", False),
        ("took my", "he took  my phone", True),
        ("took my", "he took mystery", False),
        ("did not do any*", "they did not do anything", True),
        ("did not do any*", "they did not do much", False),
        ("شرطة", "وبالشرطة", False),
        ("شرطة", "بالشرطة", True),
        ("打我", "他打我了", True),
    ],
)
def test_a_phrase_counts_as_whole_words(phrase, text, stands):
    assert Phrases([phrase]).stand_in(Text.of(text)) is stands
