"""The embedded installation's folder: secrets made once, readable by their owner, found by commands."""

import base64
import stat
from pathlib import Path

import pytest

from commonground.embedded import settings
from commonground.failures import Failed
from commonground.installation import FILE, Installation, surroundings
from shared import config


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = Installation.prepare(tmp_path / "var", demo=False, given={})
    again = Installation.prepare(tmp_path / "var", demo=False, given={"PORT": "81"})
    assert again.secrets == first.secrets
    assert len(first.secrets["SECRET_KEY"]) >= 48
    assert len(base64.b64decode(first.secrets["SEALING_KEYS"])) == 32
    assert again.environment()["PORT"] == "81"


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    one, two = (Installation.prepare(tmp_path / name, demo=False, given={}) for name in ("a", "b"))
    assert one.secrets["SECRET_KEY"] != two.secrets["SECRET_KEY"]
    assert one.secrets["SEALING_KEYS"] != two.secrets["SEALING_KEYS"]


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    Installation.prepare(tmp_path / "var", demo=False, given={})
    assert stat.S_IMODE((tmp_path / "var" / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_commands_find_the_installation_without_any_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = Installation.prepare(Path("var"), demo=False, given={"CITY": "/"})
    monkeypatch.setattr("os.environ", {"LOG_LEVEL": "DEBUG"})
    found = surroundings()
    assert found["BUS_URL"] == f"sqlite:///{made.folder}/bus.db"
    assert found["SECRET_KEY"] == made.secrets["SECRET_KEY"]
    assert found["LOG_LEVEL"] == "DEBUG"


@pytest.mark.parametrize("name", ["BUS_URL", "INTAKE_DATABASE_URL", "DATABASE_URL_FILE"])
def test_settings_of_another_installation_are_never_mixed_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Installation.prepare(Path("var"), demo=False, given={})
    monkeypatch.setattr("os.environ", {name: "elsewhere"})
    assert surroundings() == {name: "elsewhere"}


def test_the_demo_never_uses_a_real_provider(tmp_path: Path) -> None:
    real = {
        "DATA_DIR": str(tmp_path),
        "TWILIO_ACCOUNT_SID": "ACreal",
        "TWILIO_AUTH_TOKEN_FILE": "/run/secrets/real",
        "TWILIO_API_BASE": "https://api.twilio.com",
        "SMTP_URL": "smtp://real.example",
        "PORT": "18999",
        "OTHER": "kept",
    }
    demo = settings.installation(real, demo=True)
    environ = settings.environment_of_children(demo, real)
    assert environ["TWILIO_API_BASE"] == "http://127.0.0.1:18999"
    assert environ["TWILIO_ACCOUNT_SID"] == settings.DEMO_ACCOUNT
    assert environ["SMTP_URL"].startswith("file:")
    assert "TWILIO_AUTH_TOKEN_FILE" not in environ
    assert environ["OTHER"] == "kept"
    assert config.Settings.load("intake", environ).port == 18999


def test_children_never_see_another_installations_databases(tmp_path: Path) -> None:
    surrounding = {"DATA_DIR": str(tmp_path), "BUS_URL": "kafka://elsewhere:9092", "DATABASE_URL_FILE": "/x"}
    demo = settings.installation(surrounding, demo=True)
    environ = settings.environment_of_children(demo, surrounding)
    assert environ["BUS_URL"] == f"sqlite:///{tmp_path}/bus.db"
    assert "DATABASE_URL_FILE" not in environ


@pytest.mark.parametrize("was_demo", [True, False])
def test_a_demo_and_a_real_installation_never_share_a_folder(tmp_path: Path, was_demo: bool) -> None:
    Installation.prepare(tmp_path, demo=was_demo, given={})
    with pytest.raises(Failed, match="Choose another"):
        settings.installation({"DATA_DIR": str(tmp_path)}, demo=not was_demo)
