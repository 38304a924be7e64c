"""The parts rendered as a page renders them, with the names every service gives its templates."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

DESIGN = Path(__file__).parents[3] / "shared" / "design"
CITY = SimpleNamespace(
    name=lambda language="en": "Port Alder", emergency_number="911", time_zone="America/New_York"
)
CONTEXT = {"city": CITY, "locale": "en", "dir": "ltr"}


@pytest.fixture
def jinja():
    environment = Environment(
        loader=FileSystemLoader(DESIGN / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
    )
    environment.install_gettext_callables(
        lambda words: words, lambda one, many, n: one if n == 1 else many, newstyle=True
    )
    environment.globals.update(asset=lambda name: f"/static/design/{name}", csrf_token=lambda: "token")
    return environment


@pytest.fixture
def part(jinja):
    """part('forms', "field('name', 'Name')") → the HTML of one macro call."""

    def render(room, call, **context):
        macro = call.partition("(")[0]
        source = f"{{% from 'design/parts/{room}.html' import {macro} %}}{{{{ {call} }}}}"
        return jinja.from_string(source).render(CONTEXT | context)

    return render


@pytest.fixture
def page(jinja):
    """page("{% extends 'design/resident.html' %}…", locale='ar', dir='rtl') → the whole document."""
    return lambda source, **context: jinja.from_string(source).render(CONTEXT | context)
