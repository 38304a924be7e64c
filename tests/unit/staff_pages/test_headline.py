"""A headline is somebody's first sentence; nothing of the story is lost between it and the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.web.console.headline import LONGEST, headline


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("The light is out. My daughter waits alone.", "The light is out", "My daughter waits alone."),
        ("It is loud!\nEvery night", "It is loud! Every night", ""),
        ("Nobody came back to me\nI called twice", "Nobody came back to me", "I called twice"),
        ("The cars go 40 m.p.h. on Alder.", "The cars go 40 m.p.h. on Alder", ""),
        ("工地早上五点开工，包括周日也是如此。我们投诉过。", "工地早上五点开工，包括周日也是如此", "我们投诉过。"),
        ("Hello", "Hello", ""),
        ("  ", "", ""),
    ],
)
def test_the_first_sentence_is_the_title(text, title, rest):
    assert headline(text) == (title, rest)


def test_a_long_sentence_is_cut_between_words():
    title, rest = headline("I reported a break-in nine days ago and was told somebody would come to see me")
    assert title == "I reported a break-in nine days ago and was told …"
    assert rest == "somebody would come to see me"


@given(st.text(max_size=300))
def test_titles_are_short_and_one_line(text):
    title, rest = headline(text)
    assert len(title) <= LONGEST + 2
    assert "\n" not in title + rest


@given(st.text(st.characters(categories=["L", "Zs"]), max_size=300))
def test_no_letter_is_lost(text):
    title, rest = headline(text)
    assert [*(title + rest).replace("…", "")] == [*text.strip()] or "".join(
        (title + rest).replace("…", "").split()
    ) == "".join(text.split())
