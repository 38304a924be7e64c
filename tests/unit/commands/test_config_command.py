"""`commonground config`: every setting, secrets hidden, and what is wrong."""

import base64
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from commonground.cli.config import settings_rows
from commonground.cli.root import commonground
from shared.config import Misconfigured, describe, examine, one

SECRET = "never-shown-" * 4
GOOD = {
    "INTAKE_DATABASE_URL": "sqlite:///intake.db",
    "ROUTING_DATABASE_URL": "sqlite:///routing.db",
    "NOTIFICATIONS_DATABASE_URL": "sqlite:///notifications.db",
    "BUS_URL": "sqlite:///bus.db",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "SECRET_KEY": SECRET,
    "SEALING_KEYS": base64.b64encode(b"k" * 32).decode(),
    "CITY": "/",
}


def test_every_setting_is_listed_and_the_database_once_a_service() -> None:
    names = [row["name"] for row in settings_rows(GOOD)]
    assert names[:3] == ["INTAKE_DATABASE_URL", "ROUTING_DATABASE_URL", "NOTIFICATIONS_DATABASE_URL"]
    assert set(names[3:]) == {entry.name for entry in describe()} - {"DATABASE_URL"}


def test_good_settings_end_with_0_and_hide_secrets() -> None:
    done = CliRunner().invoke(commonground, ["config", "--json"], env=GOOD)
    assert done.exit_code == 0
    assert SECRET not in done.output
    known = json.loads(done.output)
    assert known["ok"] is True
    rows = {row["name"]: row for row in known["settings"]}
    assert rows["SECRET_KEY"]["value"] == "•••"
    assert rows["PORT"] | {"value": None, "default": "8000"} == rows["PORT"]


def test_wrong_settings_are_named_and_end_with_1() -> None:
    done = CliRunner().invoke(commonground, ["config"], env=GOOD | {"PORT": "eighty", "CITY": "/no/such/place"})
    assert done.exit_code == 1
    assert "PORT" in done.output
    assert "CITY names nothing that exists. Example:" in done.output


def test_a_malformed_address_is_told_without_its_secret() -> None:
    wrong = {
        "INTAKE_DATABASE_URL": "postgresql+psycopg://intake:canary@postgres:54x/intake",
        "BUS_URL": "kafka://kafka:9092?sasl_password=canary&security_protocol=FOO",
        "LOG_LEVEL": "verbose",
    }
    done = CliRunner().invoke(commonground, ["config"], env=GOOD | wrong)
    assert done.exit_code == 1
    assert "canary" not in done.output
    for name in wrong:
        assert re.search(rf"^{name} .*Example: ", done.output, re.M)


def test_a_secret_from_a_file_is_told_as_such_and_hidden(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    given = {name: value for name, value in GOOD.items() if name != "SECRET_KEY"}
    rows = {row["name"]: row for row in settings_rows(given | {"SECRET_KEY_FILE": str(tmp_path / "secret")})}
    assert rows["SECRET_KEY"]["from"] == "SECRET_KEY_FILE"
    assert rows["SECRET_KEY"]["value"] == "•••"
    assert rows["SECRET_KEY"]["problem"] is None


def test_one_setting_is_read_by_itself() -> None:
    assert one("port", environ={"PORT": "81"}) == 81
    assert one("database_url", "routing", GOOD) == "sqlite:///routing.db"
    with pytest.raises(Misconfigured, match="BUS_URL is missing"):
        one("bus_url", environ={})


def test_a_shared_address_counts_for_every_service() -> None:
    entry = examine("intake", {"DATABASE_URL": "sqlite:///x.db"})[0]
    assert (entry.variable, entry.given, entry.problem) == ("DATABASE_URL", "•••", None)
