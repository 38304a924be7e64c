"""Logs are JSON lines with the correlation id, and refuse to print what must stay unread."""

import io
import json
import logging

import pytest
import structlog

from shared import logs
from shared.context import Context, working_on
from shared.ids import new_id


@pytest.fixture
def lines():
    """Configure logging as a process does; returns a function that gives the lines so far."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    logs.configure("routing", "DEBUG", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def test_library_and_own_logs_look_alike(lines):
    logging.getLogger("library").warning("plain %s", "words", extra={"count": 3})
    structlog.get_logger("own").warning("plain words", count=3)
    one, two = lines()
    assert one["event"] == two["event"] == "plain words"
    assert one["count"] == two["count"] == 3
    assert (one["logger"], two["logger"]) == ("library", "own")
    assert one["level"] == two["level"] == "warning"
    assert one["service"] == "routing"
    assert one["timestamp"].endswith("Z")


def test_the_work_at_hand_is_named(lines):
    cause = new_id()
    with working_on(Context(correlationid="abc", causationid=cause)):
        logging.getLogger("x").info("inside")
    assert lines()[0]["correlationid"] == "abc"


@pytest.mark.parametrize(
    "name",
    ["password", "auth_token", "X-Twilio-Signature", "contactPhone", "sealing_keys", "body", "reply_text", "email"],
)
def test_secrets_and_words_of_residents_are_not_printed(lines, name):
    logging.getLogger("x").warning("careless", extra={name: "canary-7431"})
    structlog.get_logger("x").warning("careless", **{name: {"deep": "canary-7431"}})
    for line in lines():
        assert line[name] == logs.HIDDEN
        assert "canary" not in json.dumps(line)


@pytest.mark.parametrize("name", ["count", "lane", "reason", "topic", "monkey", "attempts", "keyboard"])
def test_harmless_names_are_printed(name):
    assert not logs.is_secret(name)


def test_errors_are_told_by_type_place_and_first_line(lines):
    try:
        raise ValueError("duplicate key\nDETAIL: Key (phone)=(+12155550100)")
    except ValueError:
        logging.getLogger("x").exception("failed")
        structlog.get_logger("x").exception("failed")
    for line in lines():
        assert line["error"] == "ValueError: duplicate key"
        assert "test_logs.py" in line["at"][-1]
        assert "12155550100" not in json.dumps(line)


@pytest.mark.parametrize("name", ["kafka", "kafka.consumer.fetcher", "sqlalchemy.engine"])
def test_talkative_libraries_are_quiet_even_at_debug(lines, name):
    logging.getLogger(name).debug("keys and values")
    logging.getLogger(name).info("keys and values")
    assert not lines()
