"""Answers of programs' interfaces."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response
from werkzeug.datastructures import Headers


class Finished(Response):
    """An answer whose headers stand as they were written; Werkzeug would go through them all once more."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """As they are: the length is known, and Location is one of our own addresses."""
        return self.headers


def json_answer(
    document: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    """The document as JSON; knows datetimes and UUIDs."""
    body = orjson.dumps(document)
    response = Finished(body, status, headers=headers, content_type=media_type)
    response.headers["Content-Length"] = str(len(body))
    return response
