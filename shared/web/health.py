"""Health for operators: /healthz, /readyz, /metrics, and the checks a web process is ready by."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from shared.web import metrics
from shared.web.access import by_default, operators
from shared.web.answers import json_answer

Check = Callable[[], str | None]
"""None when all is well, else the reason in words, without anything personal."""


def database_answers(engine: Engine) -> Check:
    """A check that the database answers."""

    def check() -> str | None:
        try:
            with engine.execution_options(read_only=True).connect() as conn:
                conn.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return "the database does not answer"
        return None

    return check


def readiness(checks: Mapping[str, Check]) -> tuple[dict[str, object], int]:
    """The document of /readyz and its status: 200, or 503 with the reasons."""
    found = {name: check() for name, check in checks.items()}
    reasons = {name: reason for name, reason in found.items() if reason is not None}
    return {"ready": not reasons, "reasons": reasons}, 503 if reasons else 200


def health_pages(checks: Mapping[str, Check]) -> Blueprint:
    """The three addresses."""
    pages = Blueprint("health", __name__)
    by_default(pages, operators)

    @pages.get("/healthz")
    def healthz() -> Response:
        return json_answer({"alive": True})

    @pages.get("/readyz")
    def readyz() -> Response:
        document, status = readiness(checks)
        return json_answer(document, status, {"Retry-After": "5"} if status == 503 else None)

    @pages.get("/metrics")
    def show_metrics() -> Response:
        body, content_type = metrics.exposition()
        return Response(body, content_type=content_type)

    return pages
