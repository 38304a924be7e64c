"""Problems have one shape for programs, a page for people, and the language of the reader."""

import ast
from pathlib import Path

import pytest
from flask import Blueprint
from sqlalchemy.exc import DataError, StatementError

from shared.web import faults, problems
from shared.web.access import by_default, public_api
from shared.web.catalogues import compiled
from shared.web.faults import fault
from shared.web.problems import Problem, too_many, unavailable, wrong
from tests.unit.web.sample import sample_app

WEB = Path(problems.__file__).parent


def raising(error, tmp_path, settings, **more):
    bad = Blueprint("bad", __name__)
    by_default(bad, public_api)

    @bad.get("/bad")
    def view():
        raise error

    return sample_app(tmp_path, settings, blueprints=[bad], **more).test_client()


def test_an_unexpected_error_says_nothing_of_itself(client, caplog):
    answer = client.get("/api/v1/broken/x")
    assert answer.get_json() == {
        "type": "about:blank",
        "title": "Something went wrong on our side",
        "status": 500,
        "detail": "Nothing was kept. We have been told; please try again.",
    }
    [record] = [record for record in caplog.records if record.message == "A view failed"]
    assert record.error == "RuntimeError" and record.route == "/api/v1/broken/<kind>"
    assert any(place.startswith("sample.py:") for place in record.at)
    assert "somebody" not in answer.text + caplog.text


def test_a_page_that_fails_is_a_page(client, caplog):
    answer = client.get("/broken")
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert answer.headers["X-Correlation-Id"] in answer.text
    assert "somebody" not in answer.text + caplog.text


def test_a_database_away_is_503_with_a_time_to_come_back(client):
    answer = client.get("/api/v1/broken/outage")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(
    "error",
    [
        DataError("INSERT", {}, Exception("integer out of range")),
        OverflowError("Python int too large for SQLite"),
        StatementError("date value out of range", "SELECT", {}, OverflowError("date value out of range")),
    ],
)
def test_a_value_there_is_no_room_for_is_422(error, tmp_path, settings):
    client = raising(error, tmp_path, settings)
    answer = client.get("/bad")
    assert (answer.status_code, answer.get_json()["detail"]) == (422, "A value is larger than can be kept.")


def test_headers_and_statuses_of_problems(tmp_path, settings):
    assert raising(too_many(7), tmp_path, settings).get("/bad").headers["Retry-After"] == "7"
    assert raising(unavailable(retry_after_s=9), tmp_path, settings).get("/bad").headers["Retry-After"] == "9"
    assert raising(Problem(410), tmp_path, settings).get("/bad").get_json()["title"] == "Gone"


def test_a_fault_names_its_place(tmp_path, settings):
    answer = raising(wrong("taken", "%(what)s is taken.", "a", "b", what="It"), tmp_path, settings).get("/bad")
    assert answer.get_json()["errors"] == [{"pointer": "/a/b", "code": "taken", "message": "It is taken."}]


def test_a_percent_sign_survives(tmp_path, settings):
    answer = raising(Problem(409, fault("half", "50 %% are gone.")), tmp_path, settings).get("/bad")
    assert answer.get_json()["detail"] == "50 % are gone."


@pytest.mark.parametrize(
    ("language", "title"), [("es-MX,en;q=0.5", "Aquí no hay nada"), ("tlh", "There is nothing here")]
)
def test_problems_speak_the_readers_language(client, language, title):
    answer = client.get("/api/v1/nothing", headers={"Accept-Language": language})
    assert answer.get_json()["title"] == title
    assert answer.headers["Content-Language"] == ("es" if language.startswith("es") else "en")
    assert "Accept-Language" in answer.headers["Vary"]


def test_faults_speak_the_readers_language(client):
    answer = client.post("/api/v1/items", json={"text": "x" * 21}, headers={"Accept-Language": "es"})
    assert answer.get_json()["errors"][0]["message"] == "Esto pasa de 20."


def test_a_program_on_a_page_is_answered_as_it_asks(client):
    assert client.get("/nothing", headers={"Accept": "application/json"}).content_type == "application/problem+json"
    assert client.get("/nothing", headers={"Accept": "text/html, application/json"}).mimetype == "text/html"
    assert client.get("/nothing").mimetype == "text/html"


def test_staff_are_told_in_their_own_frame(tmp_path, settings, caplog):
    answer = sample_app(tmp_path, settings, for_staff=True).test_client().get("/nothing")
    assert answer.status_code == 404 and 'class="staff' in answer.text
    assert not caplog.records


def test_a_problem_page_that_fails_is_still_a_page(tmp_path, settings, caplog):
    (tmp_path / "templates" / "web").mkdir(parents=True)
    (tmp_path / "templates" / "web" / "problem.html").write_text("{{ not_there }}")
    client = sample_app(tmp_path, settings).test_client()
    answer = client.get("/nothing")
    assert answer.status_code == 404 and "<h1>There is nothing here</h1>" in answer.text
    assert "The page of a problem failed" in caplog.text


def test_what_fails_outside_of_flask_is_answered(app, caplog):
    def wsgi_app(_environ, _start):
        raise RuntimeError("somebody's name")

    app.wsgi_app._app = wsgi_app
    answer = app.test_client().get("/report")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert "somebody" not in answer.text + caplog.text


def texts_of(path):
    """The English texts in calls of fault(…) and in the constants of the module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "fault" and len(node.args) > 1:
            yield from (arg.value for arg in node.args[1:2] if isinstance(arg, ast.Constant))


def test_everything_said_here_is_said_in_spanish():
    spanish = compiled(WEB / "translations/es/LC_MESSAGES/messages.po", "es")
    said = {words for _, _, words in faults.BUILT_IN}
    said |= {faults.UNSTORABLE}
    said |= {text for path in WEB.rglob("*.py") for text in texts_of(path)}
    said |= {"Go to the first page", "If you tell us about this, name the number %(number)s."}
    assert len(said) > 40
    assert not [text for text in said if spanish.gettext(text) == text]
