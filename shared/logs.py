"""Logs: one JSON object a line on standard error, with the correlation id and without anything personal."""

import logging
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import structlog

from shared.context import known
from shared.failures import in_words

#: Libraries that print keys, values or statements when they talk much.
QUIET = ("kafka", "sqlalchemy", "alembic", "urllib3", "twilio", "werkzeug", "psycopg", "stamina")
#: Nothing is printed under a name that holds one of these words, whatever the value is.
SECRET_WORDS = frozenset(
    """
    password secret token tokens authorization cookie session csrf signature otp receipt sealed key keys
    phone email mail address person text body story narrative contact plaintext value headers form query
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
HIDDEN = "[hidden]"
FRAMES = 12

Line = MutableMapping[str, Any]
Processor = Callable[[Any, str, Line], Line]


def configure(service: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log of the process, ours and the libraries', through one chain to the stream (standard error).

    Call it once, when the process starts.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter(service))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def formatter(service: str) -> logging.Formatter:
    """Turns a log record into its line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.add_log_level,
            _name_origin,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _of_service(service),
            bind_context,
            tell_error,
            hide_secrets,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


def _of_service(service: str) -> Processor:
    def add(_logger: Any, _method: str, line: Line) -> Line:
        line.setdefault("service", service)
        return line

    return add


def _name_origin(_logger: Any, _method: str, line: Line) -> Line:
    line["logger"] = line["_record"].name
    return line


def bind_context(_logger: Any, _method: str, line: Line) -> Line:
    """Add the ids of the request or event being worked on."""
    context = known()
    if context is not None:
        line.setdefault("correlationid", context.correlationid)
        if context.causationid is not None:
            line.setdefault("causationid", str(context.causationid))
    return line


def tell_error(_logger: Any, _method: str, line: Line) -> Line:
    """An exception as its type, its first line and where it came from; never its locals or a quoted row."""
    info = line.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        line["error"] = in_words(error)
        line["at"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]
        ]
    return line


def hide_secrets(_logger: Any, _method: str, line: Line) -> Line:
    """Refuse to print what stands under a name that tells of a secret or of a person."""
    for name in line:
        if is_secret(name):
            line[name] = HIDDEN
    return line


def is_secret(name: str) -> bool:
    """Whether a name such as `auth_token` or `contactPhone` holds a word that must not be printed."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return not SECRET_WORDS.isdisjoint(re.split(r"[^a-z0-9]+", words))
