"""Everything can be read: contrast measured on the sheet that is served, in light and in dark."""

import re
from itertools import product
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[3] / "shared/design/static/tokens.css").read_text()
STATES = ["danger", "warn", "ok", "info", "mediation"]
GROUNDS = ["paper", "surface", "soft"]

TEXT = [
    *product(["ink", "muted", "accent", "accent-strong"], GROUNDS),
    *((state, f"{state}-tint") for state in STATES),
    *(("ink", f"{state}-tint") for state in STATES),
    *product(["danger", "ok"], ["paper", "surface", "soft"]),
    ("muted", "warn-tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-night", "night"),
]
CONTROLS = [
    *product(["control"], ["paper", "surface"]),
    *product(["accent"], ["paper", "surface", "soft"]),
    *product(["ink"], ["paper", "surface", "soft"]),
    ("danger", "paper"),
    ("danger", "surface"),
    ("focus", "night"),
]
# The ring is yellow outside ink, so that one of the two is always seen.
RING = ["focus", "ink"]


def colours(block):
    return dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", block))


def themes():
    light, dark = SHEET.split("prefers-color-scheme: dark", 1)
    return {"light": colours(light), "dark": colours(light) | colours(dark)}


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_the_measure_itself_is_right():
    assert round(contrast("#FFFFFF", "#000000"), 2) == 21
    assert round(contrast("#FFFFFF", "#777777"), 2) == 4.48


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_dark_changes_every_colour_that_text_stands_on(theme):
    assert themes()["light"]["paper"] != themes()["dark"]["paper"]
    assert {name for pair in TEXT + CONTROLS for name in pair} <= set(themes()[theme])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_is_read(theme, text, ground):
    tokens = themes()[theme]
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("control", "ground"), CONTROLS)
def test_controls_are_seen(theme, control, ground):
    tokens = themes()[theme]
    assert contrast(tokens[control], tokens[ground]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", [*GROUNDS, "night", *(f"{state}-tint" for state in STATES)])
def test_the_focus_ring_is_seen_on_every_ground(theme, ground):
    tokens = themes()[theme]
    assert max(contrast(tokens[ring], tokens[ground]) for ring in RING) >= 3
