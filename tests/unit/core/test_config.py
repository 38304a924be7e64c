"""Configuration says what is wrong, in words, all at once, and never repeats a secret."""

import base64

import pytest

from shared.config import Misconfigured, Settings, describe, examine

GOOD = {
    "DATABASE_URL": "sqlite:///x.db",
    "BUS_URL": "kafka://localhost:9092",
    "PUBLIC_URL": "https://listen.example.org/",
    "SECRET_KEY": "s" * 40,
    "SEALING_KEYS": base64.b64encode(b"k" * 32).decode(),
    "CITY": "/",
}


def test_reads_what_is_given_and_fills_in_the_defaults():
    settings = Settings.load("intake", GOOD)
    assert settings.public_url == "https://listen.example.org"
    assert settings.sealing_keys == (b"k" * 32,)
    assert settings.limit_feedback == "30/hour"


def test_a_service_prefers_its_own_database():
    settings = Settings.load("intake", GOOD | {"INTAKE_DATABASE_URL": "sqlite:///own.db"})
    assert settings.database_url == "sqlite:///own.db"


def test_every_problem_is_named_with_an_example():
    with pytest.raises(Misconfigured) as caught:
        Settings.load("routing", {"PUBLIC_URL": "ftp://x", "PORT": "eighty"})
    message = str(caught.value)
    for name in ("ROUTING_DATABASE_URL", "BUS_URL", "PUBLIC_URL", "SECRET_KEY", "SEALING_KEYS", "CITY", "PORT"):
        assert name in message
    assert "Example: https://listen.example.org" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SEALING_KEYS", "not-base64-SECRET"),
        ("SECRET_KEY", "too-short-SECRET"),
        ("DATABASE_URL", "mysql://u:SECRET@h/d"),
        ("BUS_URL", "amqp://u:SECRET@h"),
    ],
)
def test_a_wrong_secret_is_not_repeated(name, value):
    with pytest.raises(Misconfigured) as caught:
        Settings.load("intake", GOOD | {name: value})
    assert name in str(caught.value)
    assert "SECRET@" not in str(caught.value)
    assert value not in str(caught.value)


def test_a_secret_may_lie_in_a_file(tmp_path):
    (tmp_path / "key").write_text("f" * 40 + "\n")
    environ = {k: v for k, v in GOOD.items() if k != "SECRET_KEY"} | {"SECRET_KEY_FILE": str(tmp_path / "key")}
    assert Settings.load("intake", environ).secret_key == b"f" * 40
    with pytest.raises(Misconfigured, match="SECRET_KEY_FILE cannot be read"):
        Settings.load("intake", environ | {"SECRET_KEY_FILE": str(tmp_path / "absent")})


def test_printing_settings_shows_no_secret():
    shown = repr(Settings.load("intake", GOOD | {"TWILIO_AUTH_TOKEN": "tok-canary"}))
    for canary in ("s" * 40, "kkkk", "tok-canary"):
        assert canary not in shown


def test_every_setting_is_described():
    described = describe()
    assert {"DATABASE_URL", "SEALING_KEYS", "LIMIT_TRACK", "METRICS_PORT"} <= {entry.name for entry in described}
    assert all(entry.about and entry.example for entry in described)


@pytest.mark.parametrize("value", ["30", "0/hour", "30/fortnight", "-1/hour", "30 per hour"])
def test_a_limit_must_be_readable(value):
    with pytest.raises(Misconfigured, match="LIMIT_TRACK must look like 30/hour"):
        Settings.load("intake", GOOD | {"LIMIT_TRACK": value})


MALFORMED = [
    ("LOG_LEVEL", "verbose", "must be one of DEBUG, INFO, WARNING, ERROR. Example: INFO"),
    ("HOST", "0.0.0.0:8000", "must be a host name or an IP address"),
    ("WEB_WORKERS", "9" * 5000, "must be a whole number from 1 to 64"),
    ("CITY", "x" * 5000, "names nothing that exists"),
    ("TRUSTED_PROXIES", "10.0.0.0/99", "does not appear to be an IPv4 or IPv6 network"),
    ("PUBLIC_URL", "https://listen.example.org:https", "its port must be a whole number"),
    ("PUBLIC_URL", "https://[::1", "cannot be read as an address"),
    ("PUBLIC_URL", "https://listen example.org", "must have no spaces"),
    ("TWILIO_API_BASE", "https://api.example:0", "must have a port from 1 to 65535"),
    ("MAIL_FROM", "Common Ground", "must be one mail address"),
    ("MAIL_FROM", "listen@example.org\nBcc: all@example.org", "must be one mail address"),
    ("MAIL_FROM", "listen\x00@example.org", "must be text in UTF-8 without control characters"),
    ("SECRET_KEY", "canary\udcff" * 9, "must be text in UTF-8"),
    ("SEALING_KEYS", "canarÿ", "must be base64"),
    ("DATABASE_URL", "postgresql+psycopg://u:canary@h:54x/d", "its port must be a number"),
    ("DATABASE_URL", "postgresql+psycopg://u:canary@h:99999/d", "must have a port from 1 to 65535"),
    ("DATABASE_URL", "postgresql+psycopg://u:canary@h", "must name a database"),
    ("DATABASE_URL", "postgresql+psycopg:///canary", "must name a host"),
    ("DATABASE_URL", "postgresql+psycopg://u:p@h/d?canary=1", "has an option after the ?"),
    ("DATABASE_URL", "sqlite:///", "must name a file"),
    ("BUS_URL", "kafka://", "must name its servers"),
    ("BUS_URL", "kafka://canary:abc", "with a port from 1 to 65535"),
    (
        "BUS_URL",
        "kafka://h:9092?security_protocol=CANARY",
        "must have a security_protocol that is one of PLAINTEXT",
    ),
    ("BUS_URL", "sqlite:///", "must name its file"),
    ("SMTP_URL", "smtp://", "must name a host"),
    ("SMTP_URL", "smtp://canary:abc", "its port must be a whole number"),
    ("SMTP_URL", "smtp://u:canary#1@h", "special characters of a password must be written as %XX"),
    ("SMTP_URL", "smtp://u:1?canary@h", "special characters of a password must be written as %XX"),
    ("SMTP_URL", "file:", "must name a folder"),
]


@pytest.mark.parametrize(("name", "value", "why"), MALFORMED)
def test_a_malformed_setting_stops_the_start_in_words(name, value, why):
    with pytest.raises(Misconfigured) as caught:
        Settings.load("", GOOD | {name: value})
    said = str(caught.value)
    assert said.startswith(f"{name} ")
    assert why in said
    assert "Example: " in said
    assert "canar" not in said.casefold()
    problems = [entry.problem for entry in examine("", GOOD | {name: value}) if entry.problem]
    assert problems == [said]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "warning"),
        ("HOST", "::"),
        ("HOST", "listen.internal"),
        ("MAIL_FROM", "Tierra Común <escucha@example.org>"),
        ("DATABASE_URL", "postgresql+psycopg://intake:p%2Fw@postgres:5432/intake?sslmode=require"),
        ("DATABASE_URL", "postgresql+psycopg://intake:p@/intake?host=/run/postgresql"),
        ("DATABASE_URL", "postgresql+psycopg://intake:p@/intake?host=one:5432&host=two:5432"),
        ("SMTP_URL", "smtps://user%40example.org:p%23w@mail.example.org"),
        ("SMTP_URL", "file:/var/mail/demo"),
    ],
)
def test_what_can_be_used_is_taken(name, value):
    assert Settings.load("", GOOD | {name: value})


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"\xff\xfecanary", "holds something else than text in UTF-8"), (b" \n", "names an empty file")],
)
def test_a_file_that_holds_no_secret_is_said_so_once(tmp_path, content, why):
    (tmp_path / "key").write_bytes(content)
    environ = {k: v for k, v in GOOD.items() if k != "SECRET_KEY"} | {"SECRET_KEY_FILE": str(tmp_path / "key")}
    with pytest.raises(Misconfigured) as caught:
        Settings.load("", environ)
    assert str(caught.value) == f"SECRET_KEY_FILE {why}. Example: output of: openssl rand -base64 48"
