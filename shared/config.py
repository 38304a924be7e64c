"""Configuration: the only place that reads the environment, and says in words what is wrong with it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from shared import setting_values as read


class Misconfigured(Exception):
    """The configuration cannot be used; the message names each setting, what is wrong and an example."""


def setting(
    parse: Callable[[str], Any], example: str, about: str, *, default: Any = ..., secret: bool = False
) -> Any:
    """One environment variable: its field name in capitals, how to read it, an example, what it is for."""
    meta = {"parse": parse, "example": example, "about": about, "default": default, "secret": secret}
    return field(metadata=meta, repr=not secret)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a process may be told from outside; each field is documented where it stands."""

    database_url: str = setting(
        read.database,
        "postgresql+psycopg://intake:secret@postgres/intake",
        "The service's own database; INTAKE_DATABASE_URL and so on take precedence over DATABASE_URL.",
        secret=True,
    )
    bus_url: str = setting(
        read.bus,
        "kafka://kafka:9092",
        "The event log: kafka://host:9092,host:9092 with optional ?security_protocol=…&sasl_mechanism=…, or sqlite:///path.",
        secret=True,
    )
    public_url: str = setting(
        read.web_address,
        "https://listen.example.org",
        "The address residents see; signatures are checked against it.",
    )
    trusted_proxies: tuple[Any, ...] = setting(
        read.networks, "10.0.0.0/8", "Networks whose X-Forwarded-For is believed, for limits only.", default=()
    )
    secret_key: bytes = setting(
        read.secret_text,
        "output of: openssl rand -base64 48",
        "Signs cookies and keys the hashes for look-ups.",
        secret=True,
    )
    sealing_keys: tuple[bytes, ...] = setting(
        read.sealing_keys,
        "output of: openssl rand -base64 32",
        "Keys that wrap each item's key, newest first, comma separated.",
        secret=True,
    )
    city: Path = setting(read.existing, "/etc/commonground/city", "The folder of the city pack.")
    twilio_account_sid: str = setting(
        str, "AC0123456789abcdef0123456789abcdef", "Twilio account; empty: no texts.", default=""
    )
    twilio_auth_token: tuple[str, ...] = setting(
        read.words,
        "two tokens, comma separated, while rotating",
        "Checks webhook signatures; the first one calls the provider.",
        default=(),
        secret=True,
    )
    twilio_from: str = setting(str, "+12155550100", "The number or messaging service (MG…) that sends.", default="")
    twilio_api_base: str = setting(
        read.web_address,
        "https://api.twilio.com",
        "Where the provider answers.",
        default="https://api.twilio.com",
    )
    smtp_url: str = setting(
        read.mail_server,
        "smtp://user:password@mail.example.org:587",
        "Outgoing mail; file:/path writes messages into a folder; empty: no mail.",
        default="",
        secret=True,
    )
    mail_from: str = setting(read.mailbox, "Common Ground <listen@example.org>", "The sender of mail.", default="")
    limit_feedback: str = setting(read.limit, "30/hour", "Concerns per address.", default="30/hour")
    limit_track: str = setting(read.limit, "60/hour", "Receipt look-ups per address.", default="60/hour")
    limit_sign_in: str = setting(read.limit, "20/hour", "Sign-in attempts per address.", default="20/hour")
    limit_service: str = setting(
        read.limit, "600/minute", "Look-ups and sign-ins of everybody together.", default="600/minute"
    )
    data_dir: Path = setting(Path, "./var", "Where the embedded installation keeps its files.", default=Path("var"))
    host: str = setting(read.host, "127.0.0.1", "The address a web process listens on.", default="127.0.0.1")
    port: int = setting(read.whole(1, 65535), "8000", "The port a web process listens on.", default=8000)
    web_workers: int = setting(read.whole(1, 64), "2", "gunicorn processes of a web process.", default=2)
    metrics_port: int = setting(
        read.whole(0, 65535),
        "9100",
        "Where a worker serves /healthz, /readyz and /metrics; 0: nowhere.",
        default=9100,
    )
    log_level: str = setting(read.log_level, "INFO", "DEBUG, INFO, WARNING or ERROR.", default="INFO")
    clock_file: Path | None = setting(
        Path, "/tmp/clock", "Tests only: a file with seconds to add to the clock.", default=None
    )

    @classmethod
    def load(cls, service: str = "", environ: Mapping[str, str] | None = None) -> Self:
        """The settings of one service's process. Raises Misconfigured with every problem at once."""
        reader = _Reader(inherited() if environ is None else environ, service)
        values = {f.name: reader.value(f.name, f.metadata) for f in fields(cls)}
        if reader.problems:
            raise Misconfigured("\n".join(reader.problems))
        return cls(**values)


def one(name: str, service: str = "", environ: Mapping[str, str] | None = None) -> Any:
    """One setting by its field name, for commands that need no more. Raises Misconfigured."""
    reader = _Reader(inherited() if environ is None else environ, service)
    value = reader.value(name, Settings.__dataclass_fields__[name].metadata)
    if reader.problems:
        raise Misconfigured("\n".join(reader.problems))
    return value


def inherited() -> dict[str, str]:
    """The whole environment: what is read here, and what a process gives to those it starts."""
    return dict(os.environ)


def hand_down(name: str, value: str) -> None:
    """Set a variable for libraries and children that read the environment themselves."""
    os.environ[name] = value


class _Reader:
    """Takes settings out of an environment and gathers what is wrong instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str], service: str) -> None:
        self._environ = environ
        self._service = service
        self.problems: list[str] = []

    def value(self, name: str, meta: Mapping[str, Any]) -> Any:
        given = self.source(name, secret=meta["secret"])
        variable = given or self.variables(name)[0]
        try:
            raw = self._environ[given].strip() if given else ""
            if raw and meta["secret"] and variable.endswith("_FILE"):
                raw = read.content(raw)
            if raw:
                return meta["parse"](read.printable(raw))
        except ValueError as error:
            # The value itself is never repeated: it may be a secret.
            self.problems.append(f"{variable} {error}. Example: {meta['example']}")
            return None
        if meta["default"] is ...:
            why = "names an empty file" if given else "is missing"
            self.problems.append(f"{variable} {why}. Example: {meta['example']}")
        return meta["default"]

    def variables(self, name: str) -> list[str]:
        """Where a setting is looked for, in order."""
        own = [f"{self._service.upper()}_DATABASE_URL"] if name == "database_url" and self._service else []
        return [*own, name.upper()]

    def source(self, name: str, *, secret: bool) -> str | None:
        """The variable (or its _FILE) that gives the setting; None when nothing does."""
        for variable in self.variables(name):
            for given in (f"{variable}_FILE", variable) if secret else (variable,):
                if self._environ.get(given, "").strip():
                    return given
        return None


@dataclass(frozen=True)
class Described:
    """One setting as documentation and `commonground config` show it."""

    name: str
    about: str
    example: str
    default: str | None
    secret: bool


def describe() -> list[Described]:
    """Every setting, in the order of the class."""
    return [
        Described(
            name=f.name.upper(),
            about=f.metadata["about"],
            example=f.metadata["example"],
            default=None if f.metadata["default"] is ... else _shown(f.metadata["default"]),
            secret=f.metadata["secret"],
        )
        for f in fields(Settings)
    ]


@dataclass(frozen=True)
class Examined:
    """One setting as an environment has it: `given` is None where the default holds, `•••` for a secret."""

    described: Described
    variable: str
    given: str | None
    problem: str | None


def examine(service: str = "", environ: Mapping[str, str] | None = None) -> list[Examined]:
    """Every setting with its value and what is wrong with it."""
    surroundings = inherited() if environ is None else environ
    return [
        _examined(described, f.name, f.metadata, _Reader(surroundings, service))
        for described, f in zip(describe(), fields(Settings), strict=True)
    ]


def _examined(described: Described, name: str, meta: Mapping[str, Any], reader: _Reader) -> Examined:
    value = reader.value(name, meta)
    variable = reader.source(name, secret=described.secret)
    given = None if variable is None else "•••" if described.secret else _shown(value)
    problem = "; ".join(reader.problems) or None
    return Examined(described, variable or reader.variables(name)[0], given, problem)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return "" if value is None else str(value)
