"""Configuration says what is wrong, in words, all at once, and never repeats a secret."""

import base64

import pytest

from shared.config import Misconfigured, Settings, describe

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
