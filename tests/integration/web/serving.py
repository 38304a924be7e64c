"""A served sample: run as a process of its own by the tests of the server."""

from shared.web import cooperative

cooperative.prepare()

import os  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

from flask import Blueprint  # noqa: E402
from sqlalchemy import text  # noqa: E402

from shared import logs  # noqa: E402
from shared.config import Settings  # noqa: E402
from shared.db import connect  # noqa: E402
from shared.web import serve as server  # noqa: E402
from shared.web.access import by_default, public_api  # noqa: E402
from shared.web.app import App  # noqa: E402
from shared.web.body import raw_body  # noqa: E402
from tests.unit.web.sample import pages, sample_app, settings_for  # noqa: E402


def waiting(settings: Settings) -> Blueprint:
    """Views that wait."""
    views = Blueprint("waiting", __name__)
    by_default(views, public_api)
    engine = connect(settings.database_url, pool_size=20)

    @views.get("/api/pid")
    def pid() -> str:
        return str(os.getpid())

    @views.post("/api/size")
    def size() -> str:
        return str(len(raw_body()))

    @views.get("/api/sleep")
    def sleep() -> str:
        time.sleep(0.8)
        return "rested"

    @views.get("/api/query")
    def query() -> str:
        with engine.connect() as conn:
            conn.execute(text("SELECT pg_sleep(0.5)"))
        return "asked"

    return views


def make(settings: Settings) -> App:
    """The sample with the views that wait."""
    return sample_app(settings.city, settings, blueprints=[pages(), waiting(settings)])


if __name__ == "__main__":
    folder, port, workers, still, database = sys.argv[1:]
    server.STILL_S = float(still)
    logs.configure("sample")
    more = {"DATABASE_URL": database} if database else {}
    server.serve(make, settings_for(Path(folder), PORT=port, WEB_WORKERS=workers, **more))
