"""Answers of programs' interfaces."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from flask import Response

from shared.web.observing import Environ, StartResponse

BODILESS = frozenset({204, 304})


class Finished(Response):
    """A body in one piece under headers that are complete, sent without being looked through once more."""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as WSGI wants it."""
        whole = isinstance(self.response, list) and self.status_code not in BODILESS
        if not whole or environ["REQUEST_METHOD"] == "HEAD":
            return super().__call__(environ, start_response)
        start_response(self.status, self.headers.to_wsgi_list())
        return self.response  # type: ignore[return-value]  # looked at above


def json_answer(
    document: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    """The document as JSON; knows datetimes and UUIDs. A Location among the headers is a URI already."""
    return Finished(orjson.dumps(document), status, headers=headers, content_type=media_type)
