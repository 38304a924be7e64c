"""Every route of every service says who may use it, the path agrees, and who it does not name is kept out."""

from importlib import import_module
from pathlib import Path

import pytest
from werkzeug.routing import AnyConverter, Map

from shared.config import Settings
from shared.db import connect
from shared.db.migrations import upgrade
from shared.web.access import SAFE, rules_of
from shared.web.languages import EXTENSION as LANGUAGES

ROOT = Path(__file__).parents[2]
SERVICES = [path.parent.name for path in sorted((ROOT / "services").glob("*/app.py"))]

# The first that fits a path names who may stand behind it.
CALLERS = (
    ("/healthz", {"operators"}),
    ("/readyz", {"operators"}),
    ("/metrics", {"operators"}),
    ("/static/", {"public"}),
    ("/webhooks/", {"signed"}),
    ("/api/staff/openapi.json", {"public_api"}),
    ("/api/staff/", {"staff_token"}),
    ("/api/", {"public_api", "receipt"}),
    ("/open311/", {"public_api"}),
    ("/console", {"staff"}),
    ("/supervisor", {"staff"}),
    ("/admin", {"staff"}),
    ("/account", {"staff", "public"}),
    ("/transparency", {"public"}),
    ("/", {"public"}),
)
EXAMPLES = {"UUIDConverter": "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3", "IntegerConverter": 1, "FloatConverter": 1.5}
KEPT_OUT = {"staff": {302, 303, 401, 403, 404}, "staff_token": {401}, "receipt": {401, 404}, "signed": {403}}


@pytest.fixture(scope="module", params=SERVICES)
def app(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    environ = {
        "DATABASE_URL": f"sqlite:///{folder}/{request.param}.sqlite3",
        "BUS_URL": f"sqlite:///{folder}/bus.sqlite3",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "SECRET_KEY": "a secret key that only this test knows",
        "SEALING_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "TWILIO_AUTH_TOKEN": "a token only this test knows",
        "CITY": str(ROOT / "cities" / "port-alder"),
        "DATA_DIR": str(folder),
    }
    settings = Settings.load(request.param, environ)
    engine = connect(settings.database_url)
    upgrade(engine, f"services.{request.param}")
    engine.dispose()
    return import_module(f"services.{request.param}.app").create_app(settings)


def routes(app):
    """(path, method, rule) of every route."""
    rules = rules_of(app)
    for route in app.url_map.iter_rules():
        for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
            yield route, method, rules[route.endpoint, method]


def example(route):
    """A path that leads to the route."""
    values = {name: _value(converter) for name, converter in route._converters.items()}
    return Map([route.empty()]).bind("x").build(route.endpoint, values)


def _value(converter):
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return EXAMPLES.get(type(converter).__name__, "example")


def test_there_is_something_to_look_at(app):
    assert len(list(routes(app))) >= 5


def test_the_path_agrees_with_the_rule(app):
    wrong = []
    for route, method, rule in routes(app):
        allowed = next(callers for start, callers in CALLERS if route.rule.startswith(start))
        if rule.who not in allowed:
            wrong.append(f"{method} {route.rule} is {rule.who}, not {' or '.join(sorted(allowed))}")
    assert not wrong


def test_who_is_not_named_is_kept_out(app):
    client, let_in = app.test_client(), []
    for route, method, rule in routes(app):
        if rule.who in KEPT_OUT:
            status = client.open(example(route), method=method).status_code
            if status not in KEPT_OUT[rule.who]:
                let_in.append(f"{method} {route.rule} ({rule.who}) answered {status}")
    assert not let_in


def test_a_form_without_its_token_changes_nothing(app):
    client, taken = app.test_client(), []
    for route, method, rule in routes(app):
        if rule.page and rule.who == "public" and method not in SAFE:
            status = client.open(example(route), method=method, data={"text": "x"}).status_code
            if status != 400:
                taken.append(f"{method} {route.rule} answered {status}")
    assert not taken


def test_programs_are_never_answered_with_a_cookie(app):
    client, given = app.test_client(), []
    for route, method, rule in routes(app):
        if not rule.page:
            answer = client.open(example(route), method=method)
            if "Set-Cookie" in answer.headers or answer.status_code >= 500:
                given.append(f"{method} {route.rule} answered {answer.status_code}")
    assert not given


def test_a_page_that_is_not_there_has_the_services_frame(app, caplog):
    for language in app.extensions[LANGUAGES]:
        answer = app.test_client().get(f"/not-there?lang={language}", headers={"Accept": "text/html"})
        assert answer.status_code == 404 and f'<html lang="{language}"' in answer.text
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_templates_leave_nothing_to_the_policy(app):
    """No inline style or script, and nothing from elsewhere: the content security policy would refuse it."""
    folders = [ROOT / "shared", Path(app.root_path)]
    bad = []
    for path in (path for folder in folders for path in folder.rglob("*.html")):
        text = path.read_text()
        found = [
            word
            for word in ("<style", " style=", " onclick=", " onload=", "javascript:", "<script>")
            if word in text
        ]
        bad += [f"{path.relative_to(ROOT)}: {word}" for word in found]
    assert not bad
