"""The reader's language: asked for, chosen before, or the browser's."""

import pytest
from flask import Blueprint, render_template_string

from shared.web.access import public
from shared.web.catalogues import Catalogues
from tests.unit.web.sample import sample_app

PAGE = "{{ locale }} {{ dir }} {{ languages | map(attribute='href') | join(' ') }}"
ARABIC = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "There is nothing here"
msgstr "لا شيء هنا"
"""


@pytest.fixture
def client(tmp_path, settings):
    folder = tmp_path / "translations" / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(ARABIC)
    shown = Blueprint("shown", __name__)
    shown.get("/shown")(public(lambda: render_template_string(PAGE)))
    return sample_app(tmp_path, settings, blueprints=[shown]).test_client()


def test_english_unless_asked(client):
    assert client.get("/shown").text.startswith("en ltr")


def test_accept_language_is_heard(client):
    assert client.get("/shown", headers={"Accept-Language": "fr, es-419;q=0.8"}).text.startswith("es ltr")


def test_a_choice_is_remembered_and_outranks_the_browser(client):
    assert client.get("/shown?lang=ar").text.startswith("ar rtl")
    assert client.get("/shown", headers={"Accept-Language": "es"}).text.startswith("ar rtl")


def test_an_unknown_choice_changes_nothing(client):
    client.get("/shown?lang=es")
    assert client.get("/shown?lang=xx").text.startswith("es")
    assert client.get("/shown?lang=../../etc").status_code == 200


def test_the_menu_keeps_the_rest_of_the_address(client):
    assert client.get("/shown?lang=es&page=2").text.endswith(
        "?page=2&amp;lang=en ?page=2&amp;lang=ar ?page=2&amp;lang=es"
    )


def test_a_language_is_added_by_adding_a_file(client):
    answer = client.get("/nothing", headers={"Accept-Language": "ar"})
    assert 'dir="rtl"' in answer.text and "لا شيء هنا" in answer.text


def test_later_folders_win_and_what_lacks_stays_english(tmp_path):
    for name, word in (("a", "uno"), ("b", "dos")):
        folder = tmp_path / name / "es" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "messages.po").write_text(f'msgid ""\nmsgstr ""\n\nmsgid "one"\nmsgstr "{word}"\n')
    catalogues = Catalogues([tmp_path / "a", tmp_path / "b", tmp_path / "absent"])
    assert catalogues.languages() == ["en", "es"]
    spanish = catalogues._compile("es")
    assert (spanish.gettext("one"), spanish.gettext("two")) == ("dos", "two")
