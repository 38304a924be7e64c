"""Writes the generated documents, or with --check says which of them are out of date."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson
import yaml

from commonground.documents.asyncapi import asyncapi
from commonground.documents.configuration import with_table
from commonground.documents.events import events_page
from commonground.documents.http import openapi

DOCS = Path(__file__).parents[2] / "docs"


def _as_yaml() -> str:
    return yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=110)


def _as_json(service: str) -> str:
    return orjson.dumps(openapi(service), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n"


GENERATED: Mapping[str, Callable[[], str]] = {
    "asyncapi.yaml": _as_yaml,
    "events.md": events_page,
    "operations.md": lambda: with_table((DOCS / "operations.md").read_text()),
    "openapi.json": lambda: _as_json("intake"),
    "staff-openapi.json": lambda: _as_json("routing"),
}


def stale() -> list[str]:
    """The documents that differ from what the code says."""
    return [name for name, made in GENERATED.items() if _on_disk(name) != made()]


def _on_disk(name: str) -> str | None:
    path = DOCS / name
    return path.read_text() if path.exists() else None


def main() -> int:
    """Exit 1 when --check finds a stale document."""
    if "--check" in sys.argv:
        names = stale()
        sys.stderr.write("".join(f"docs/{name} is out of date: make docs\n" for name in names))
        return 1 if names else 0
    for name, made in GENERATED.items():
        (DOCS / name).write_text(made())
    return 0


if __name__ == "__main__":
    sys.exit(main())
