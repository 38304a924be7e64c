"""Every word of the frames and parts is said in every language there is a catalogue for."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

DESIGN = Path(__file__).parents[3] / "shared" / "design"
CATALOGUES = sorted((DESIGN / "translations").glob("*/LC_MESSAGES/messages.po"))


def words():
    """What templates say with _() and what moments say with say()."""
    found = set(re.findall(r'\bsay\("([^"]+)", \w+=', (DESIGN / "moments.py").read_text()))
    for template in (DESIGN / "templates").rglob("*.html"):
        with template.open("rb") as file:
            for _, _, message, _ in babel_extract(file, ("_", "gettext"), [], {}):
                found.add(message if isinstance(message, str) else message[0])
    return found


def places(text):
    return sorted(re.findall(r"%\(\w+\)s", text))


def test_the_frames_speak():
    assert {"Leave", "Call or text %(number)s", "Question %(step)s of %(total)s"} <= words()


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_nothing_is_left_in_english_and_nothing_is_left_over(catalogue):
    with catalogue.open("rb") as file:
        said = {message.id: message.string for message in read_po(file) if message.id}
    assert set(said) == words()
    assert all(said.values())
    assert not [key for key, value in said.items() if places(key) != places(value)]


def test_there_is_a_catalogue():
    assert CATALOGUES


FORBIDDEN = re.compile(r"\b(ticket|complainant|submit|user|invalid|escalate)s?\b|!", re.IGNORECASE)


def test_the_words_are_ours():
    assert not [word for word in words() if FORBIDDEN.search(word)]
