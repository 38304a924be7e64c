"""The embedded installation's own folder: its secrets, and the settings its processes and commands share."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from shared import config

FILE = "installation.json"
SERVICES = ("intake", "routing", "notifications")
#: Where a setting of the surroundings says that commands are meant for another installation.
ELSEWHERE = ("BUS_URL", "DATABASE_URL", *(f"{service.upper()}_DATABASE_URL" for service in SERVICES))
PRIVATE = 0o600


@dataclass(frozen=True)
class Installation:
    """What is kept in DATA_DIR/installation.json, readable by its owner alone."""

    folder: Path
    secrets: Mapping[str, str]
    demo: bool = False
    given: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def find(cls, folder: Path) -> "Installation | None":
        """The installation in the folder, if there is one."""
        try:
            kept = json.loads((folder / FILE).read_text())
        except FileNotFoundError:
            return None
        return cls(folder=folder.resolve(), secrets=kept["secrets"], demo=kept["demo"], given=kept["given"])

    @classmethod
    def prepare(cls, folder: Path, *, demo: bool, given: Mapping[str, str]) -> "Installation":
        """The folder's installation with its old secrets, or a new one with fresh secrets; kept on disk."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        before = cls.find(folder)
        made = cls(folder.resolve(), before.secrets if before else _new_secrets(), demo, dict(given))
        made.keep()
        return made

    def keep(self) -> None:
        """Write the file: whole or not at all, and for its owner's eyes only."""
        content = {name: value for name, value in asdict(self).items() if name != "folder"}
        new = self.folder / f".{FILE}.new"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
        with os.fdopen(descriptor, "w") as out:
            json.dump(content, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        new.replace(self.folder / FILE)

    def environment(self) -> dict[str, str]:
        """The settings of its processes and of commands that work with it."""
        databases = {f"{s.upper()}_DATABASE_URL": f"sqlite:///{self.folder / s}.db" for s in SERVICES}
        return {
            **databases,
            "BUS_URL": f"sqlite:///{self.folder / 'bus.db'}",
            "DATA_DIR": str(self.folder),
            **self.secrets,
            **self.given,
        }


def _new_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SEALING_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def surroundings() -> dict[str, str]:
    """The settings commands work with: the environment; where it names no database and no event log, those of
    the installation in DATA_DIR, under what the environment says.
    """
    inherited = config.inherited()
    if any(inherited.get(name) or inherited.get(f"{name}_FILE") for name in ELSEWHERE):
        return inherited
    installed = Installation.find(config.one("data_dir", environ=inherited))
    return {**installed.environment(), **inherited} if installed else inherited
