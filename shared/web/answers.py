"""Answers of programs' interfaces."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response


def json_answer(
    document: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    """The document as JSON; knows datetimes and UUIDs."""
    return Response(orjson.dumps(document), status, headers=headers, content_type=media_type)
