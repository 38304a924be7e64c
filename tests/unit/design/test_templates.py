"""No page of any service carries style or script inside itself: the content policy would refuse it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOMS = ["shared", "services", "commonground"]
TEMPLATES = sorted(
    path
    for room in ROOMS
    for ending in ("html", "jinja", "svg.jinja")
    for path in (ROOT / room).rglob(f"*.{ending}")
)
FORBIDDEN = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE | re.DOTALL),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script with a body": re.compile(r"<script\b[^>]*>(?!\s*</script>)", re.IGNORECASE),
    "script without a source": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE | re.DOTALL),
    "script address": re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "something from elsewhere": re.compile(
        r"<(script|link|img|iframe)\b[^>]*(src|href)=[\"'](https?:)?//", re.IGNORECASE
    ),
}


def found(source):
    bare = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(bare)]


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>alert(1)</script>",
        '<button\n onclick="go()">',
        '<a href="javascript:go()">',
        '<script src="https://elsewhere.example/x.js"></script>',
        '<link rel="stylesheet" href="//elsewhere.example/x.css">',
    ],
)
def test_what_the_policy_refuses_is_recognised(source):
    assert found(source)


def test_a_sheet_and_a_script_of_our_own_are_allowed():
    assert not found(
        '<script src="{{ asset(\'leave.js\') }}" defer></script><link rel="icon" href="/static/x.svg">'
    )


def test_the_frames_are_among_what_is_read():
    assert ROOT / "shared/design/templates/design/base.html" in TEMPLATES


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_written_inline(template):
    assert not found(template.read_text())
