"""Every word of the staff pages stands in the Spanish catalogue, with the same gaps to fill."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from services import routing
from shared.web.app import DESIGN
from shared.web.app import HERE as WEB

ROUTING = Path(routing.__file__).parent
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = DEFAULT_KEYWORDS | {"lazy_gettext": None}
GAP = re.compile(r"%\((\w+)\)s")


def spanish(folder: Path) -> Catalog:
    with (folder / "translations" / "es" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="es")


def said() -> Iterator[Any]:
    """What the pages say: a text, or the two forms of one that counts."""
    for _, _, text, _, _ in extract_from_dir(ROUTING, METHODS, keywords=KEYWORDS):
        yield text


def known() -> dict[Any, Any]:
    return {
        message.id: message.string for folder in (DESIGN, WEB, ROUTING) for message in spanish(folder) if message.id
    }


def forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_nothing_is_left_in_english() -> None:
    catalogue = known()
    keys = {form for text in catalogue for form in forms(text)[:1] if all(forms(catalogue[text]))}
    texts = {forms(text)[0] for text in said()}
    assert len(texts) > 350
    assert sorted(texts - keys) == []


def test_nothing_is_kept_that_no_page_says() -> None:
    texts = {forms(text)[0] for text in said()}
    assert sorted({forms(message.id)[0] for message in spanish(ROUTING) if message.id} - texts) == []


@pytest.mark.parametrize("folder", [DESIGN, WEB, ROUTING], ids=["design", "web", "routing"])
def test_what_is_filled_in_is_filled_in_everywhere(folder: Path) -> None:
    for message in spanish(folder):
        for asked, told in zip(forms(message.id), forms(message.string), strict=True):
            assert set(GAP.findall(asked)) == set(GAP.findall(told)), asked
