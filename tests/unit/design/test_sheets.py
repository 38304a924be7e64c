"""The sheets hold together: small, logical, coloured only by tokens, still when asked to be."""

import re
from pathlib import Path

import pytest

from shared.design import tokens

STATIC = Path(tokens.SHEET).parent
SHEETS = sorted(STATIC.glob("*.css"))
SCRIPTS = sorted(STATIC.glob("*.js"))

SIDES = "left|right|top|bottom"
PHYSICAL = re.compile(
    rf"(margin|padding|border|inset|scroll-margin|scroll-padding)-({SIDES})(-.+)?|{SIDES}"
    r"|(min-|max-)?(width|height)|border-(top|bottom)-(left|right)-radius|overflow-[xy]"
)
SIDED_VALUES = {"text-align", "float", "clear", "caption-side", "resize"}
SIDED = re.compile(r"\b(left|right|top|bottom|horizontal|vertical)\b")
BOXES = {"margin", "padding", "inset", "border-width", "border-style", "border-color"}
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl|oklch|lab)a?\(")


def text(sheet):
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)


def declarations(sheet):
    """(property, value) of every innermost block; conditions of @media and @container are not declarations."""
    for body in re.findall(r"\{([^{}]*)\}", text(sheet)):
        for line in body.split(";"):
            name, colon, value = line.partition(":")
            if colon:
                yield name.strip(), value.strip()


def physical(name, value):
    if PHYSICAL.fullmatch(name):
        return True
    if name in SIDED_VALUES and SIDED.search(value):
        return True
    return name in BOXES and len(value.split()) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("margin-left", "1rem"),
        ("border-right-color", "red"),
        ("left", "0"),
        ("width", "3rem"),
        ("text-align", "right"),
        ("padding", "0 1rem 0 2rem"),
        ("border-top-left-radius", "1px"),
    ],
)
def test_sides_of_the_screen_are_recognised(name, value):
    assert physical(name, value)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_right_to_left_needs_no_second_sheet(sheet):
    assert not [f"{name}: {value}" for name, value in declarations(sheet) if physical(name, value)]


@pytest.mark.parametrize("file", [*SHEETS, *SCRIPTS], ids=lambda file: file.name)
def test_sheets_and_scripts_are_small(file):
    assert file.read_text().count("\n") <= 250


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet.name != "tokens.css"], ids=lambda s: s.name)
def test_only_tokens_name_colours(sheet):
    assert not [f"{name}: {value}" for name, value in declarations(sheet) if COLOUR.search(value)]


def test_the_tokens_sheet_is_the_one_its_values_write():
    assert tokens.SHEET.read_text() == tokens.sheet()


def test_dark_answers_every_colour_of_light():
    assert set(tokens.DARK) == set(tokens.LIGHT)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_token_used_exists(sheet):
    known = {name for each in SHEETS for name, _ in declarations(each) if name.startswith("--")}
    assert set(re.findall(r"var\((--[a-z0-9-]+)", text(sheet))) <= known


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_two_weights_and_no_more(sheet):
    weights = {value for name, value in declarations(sheet) if name == "font-weight"}
    assert weights <= {"var(--plain)", "var(--strong)"}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_type_grows_with_the_readers_own_size(sheet):
    sizes = [value for name, value in declarations(sheet) if name in {"font-size", "line-height", "font"}]
    assert not [value for value in sizes if re.search(r"\d(px|pt)\b", value)]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_comes_from_elsewhere(sheet):
    assert not re.search(r"@import|url\(", text(sheet))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_motion_is_only_what_can_be_stilled(sheet):
    moving = [value for name, value in declarations(sheet) if name.startswith(("transition", "animation"))]
    assert all("var(--swift)" in value for value in moving)


def test_motion_is_short_and_stops_when_asked():
    assert int(tokens.MEASURES["swift"].removesuffix("ms")) <= 150
    assert re.search(r"prefers-reduced-motion: reduce\) \{\s*:root \{\s*--swift: 0ms;", tokens.sheet())


def test_targets_fit_fingers():
    assert float(tokens.MEASURES["target"].removesuffix("rem")) * 16 >= 44
    assert float(tokens.STAFF["target"].removesuffix("rem")) * 16 >= 32


RING = re.compile(r":focus-visible[^{}]*\{[^{}]*outline: 3px solid var\(--focus\)")


def test_focus_is_shown():
    assert RING.search(text(STATIC / "base.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_an_outline_is_only_removed_where_it_is_drawn_around_the_whole_card(sheet):
    removed = [
        selector
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text(sheet))
        if "outline: none" in body and not selector.strip().startswith("main:focus")
    ]
    assert len(RING.findall(text(sheet))) >= len(removed)
