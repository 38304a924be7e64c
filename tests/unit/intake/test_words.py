"""Every word of intake's pages and answers is said in every language there is a catalogue for."""

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from shared.web import faults

INTAKE = Path(__file__).parents[3] / "services" / "intake"
CATALOGUES = sorted((INTAKE / "translations").glob("*/LC_MESSAGES/messages.po"))
FRAMES = Path(__file__).parents[3] / "shared/design/translations/es/LC_MESSAGES/messages.po"
#: Words that stand in the catalogues of the shared ground.
SHARED = {value for name, value in vars(faults).items() if name.isupper() and isinstance(value, str)} | {
    message.id for message in read_po(BytesIO(FRAMES.read_bytes()))
}
FORBIDDEN = re.compile(r"\b(ticket|complainant|submit|user|invalid|escalate)s?\b|!", re.IGNORECASE)


def words():
    """What templates say with _(), and modules with gettext() and fault()."""
    found = set()
    for template in [*(INTAKE / "templates").rglob("*.html"), *(INTAKE / "templates").rglob("*.txt")]:
        with template.open("rb") as file:
            for _, _, message, _ in babel_extract(file, ("_",), [], {}):
                found.add(message if isinstance(message, str) else message[0])
    for module in INTAKE.rglob("*.py"):
        found |= set(spoken(ast.parse(module.read_text())))
    return found - SHARED


def spoken(tree):
    """The texts a module hands to gettext or fault, by themselves or by a constant's name."""
    texts = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("gettext", "fault"):
            said = node.args[0 if node.func.id == "gettext" else 1]
            text = said.value if isinstance(said, ast.Constant) else texts.get(getattr(said, "id", ""))
            if text:
                yield text


def places(text):
    return sorted(re.findall(r"%\(\w+\)s", text))


def test_the_pages_speak():
    assert {"Send", "What happened?", "A person has this. They answer by %(when)s."} <= words()


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_nothing_is_left_in_english_and_nothing_is_left_over(catalogue):
    with catalogue.open("rb") as file:
        said = {message.id: message.string for message in read_po(file) if message.id}
    assert set(said) == words()
    assert all(said.values())
    assert not [key for key, value in said.items() if places(key) != places(value)]


def test_there_is_a_catalogue():
    assert CATALOGUES


def test_the_words_are_ours():
    assert not [word for word in words() if FORBIDDEN.search(word)]
