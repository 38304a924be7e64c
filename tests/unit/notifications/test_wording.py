"""What messages say: in every language, short, and nothing about the story."""

from pathlib import Path
from string import Template

import pytest

import services.notifications
from services.notifications.domain.wording import (
    ACKNOWLEDGEMENT,
    ANSWER,
    FIRST_TEXT,
    LATE,
    OWN_LIMIT,
    REPLY,
    SHORTENED,
    WRITE_BACK,
    Wording,
    fit,
    units,
)

FOLDER = Path(services.notifications.__file__).parent / "templates"
WORDING = Wording(FOLDER)
VALUES = {
    "city": "Municipality of Somewhere with a Rather Long Name", "due": "Wednesday, September 30, 12:59 PM",
    "emergency": "911", "track": "https://listen.somewhere-long.example.org/track", "text": "What a person wrote.",
}  # fmt: skip
WHOLE = (ACKNOWLEDGEMENT, LATE, REPLY, ANSWER)


@pytest.mark.parametrize("message", [*WHOLE, FIRST_TEXT, SHORTENED, WRITE_BACK])
def test_every_message_speaks_english_and_spanish(message):
    assert {"en", "es"} <= WORDING.languages(message)


@pytest.mark.parametrize("message", WHOLE)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_part_can_be_filled_in(message, language):
    for part in ("sms", "subject", "body"):
        said = WORDING.say(message, part, language, VALUES)
        assert said.strip()
        assert "$" not in said
    assert "\n" not in WORDING.say(message, "subject", language, VALUES)


@pytest.mark.parametrize("message", [ACKNOWLEDGEMENT, LATE])
@pytest.mark.parametrize("language", ["en", "es"])
def test_our_own_words_fit_a_short_text(message, language):
    said = WORDING.say(message, "sms", language, VALUES)
    notice = WORDING.say(FIRST_TEXT, "sms", language, {})
    assert len(said) + 1 + len(notice) <= OWN_LIMIT


@pytest.mark.parametrize(
    "path",
    [
        path
        for name in ("acknowledgement*", FIRST_TEXT, WRITE_BACK)
        for path in sorted(FOLDER.glob(f"{name}/*/*.txt"))
    ],
)
def test_automatic_messages_know_nothing_of_the_story(path):
    names = set(Template(path.read_text("utf-8")).get_identifiers())
    assert names <= {"city", "due", "track", "emergency"}


def test_the_words_for_a_passed_moment_exist_wherever_the_promise_does_and_name_none():
    assert WORDING.languages(LATE) == WORDING.languages(ACKNOWLEDGEMENT)
    for path in FOLDER.glob(f"{LATE}/*/*.txt"):
        assert "due" not in Template(path.read_text("utf-8")).get_identifiers()


@pytest.mark.parametrize("message", [ANSWER, REPLY])
@pytest.mark.parametrize("language", ["en", "es"])
def test_subjects_do_not_repeat_the_words(message, language):
    assert VALUES["text"] not in WORDING.say(message, "subject", language, VALUES)


def test_nobody_is_asked_to_answer_yes():
    for path in FOLDER.rglob("*.txt"):
        assert " yes" not in path.read_text("utf-8").lower()


@pytest.mark.parametrize(
    ("asked", "spoken"), [("es", "es"), ("es-MX", "es"), ("ES", "es"), ("fr", "en"), ("", "en"), ("zh-Hant", "en")]
)
def test_the_nearest_language_is_spoken(asked, spoken):
    assert WORDING.language_for(ACKNOWLEDGEMENT, asked) == spoken


def test_dollars_in_what_people_write_stay():
    assert WORDING.say(REPLY, "sms", "en", {**VALUES, "text": "It costs $5 and $city"}) == "It costs $5 and $city"


def test_a_text_that_fits_is_left_alone():
    assert fit("x" * 10, 10, "…") == "x" * 10


@pytest.mark.parametrize("text", ["word " * 50, "x" * 300, "a " + "b" * 300, "line\n" * 60])
def test_a_long_text_is_cut_at_a_word_and_says_so(text):
    cut = fit(text, 100, "… more")
    assert len(cut) <= 100
    assert cut.endswith("… more")
    assert text.startswith(cut.removesuffix("… more"))


@pytest.mark.parametrize("text", ["👋" * 60, "👋 " * 60, "x" + "👋" * 60])
def test_an_emoji_takes_the_room_of_two_and_is_not_torn(text):
    cut = fit(text, 100, "… more")
    assert 95 <= units(cut) <= 100
    assert text.startswith(cut.removesuffix("… more"))
    assert fit(text, units(text), "…") == text


def test_words_are_not_torn():
    assert fit("one two three four", 12, "…") == "one two…"
