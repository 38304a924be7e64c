"""The OpenAPI documents of both APIs, as the applications themselves serve them."""

import base64
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shared.config import Settings

CITY = Path(__file__).parents[2] / "cities/port-alder"
SERVED_AT = {"intake": "/api/openapi.json", "routing": "/api/staff/openapi.json"}


def openapi(service: str) -> dict[str, Any]:
    """What the service answers at its OpenAPI address. Needs no database and no event log."""
    with TemporaryDirectory() as folder:
        app = import_module(f"services.{service}.app").create_app(Settings.load(service, _environment(folder)))
        answer = app.test_client().get(SERVED_AT[service])
    document: dict[str, Any] = answer.get_json()
    return document


def _environment(folder: str) -> dict[str, str]:
    """Enough to assemble an application that nobody will serve."""
    return {
        "DATABASE_URL": f"sqlite:///{folder}/none.db",
        "BUS_URL": f"sqlite:///{folder}/bus.db",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "SECRET_KEY": "documents " * 4,
        "SEALING_KEYS": base64.b64encode(bytes(32)).decode(),
        "CITY": str(CITY),
    }
