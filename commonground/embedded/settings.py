"""The settings an embedded installation runs with: its own, those given from outside, and the demo's."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from commonground.demo.seeding.past import FILE
from commonground.failures import Failed
from commonground.installation import ELSEWHERE, Installation
from shared import config
from shared.config import Settings
from shared.sealing import KeyedHash

PACK = "port-alder"
PACKS = (
    Path(__file__).parents[2] / "cities",
    Path("/usr/share/commonground/cities"),
)
#: What the installation decides itself, and what the demo decides: it never sends a real text or mail.
OWN = {*ELSEWHERE, "DATA_DIR", "METRICS_PORT", "WEB_WORKERS"}
DEMOS_OWN = {
    "CLOCK_FILE",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_FROM",
    "TWILIO_API_BASE",
    "SMTP_URL",
    "MAIL_FROM",
}
#: Numbers from 555-0100 to 555-0199 are set aside for fiction.
DEMO_NUMBER = "+12155550100"
DEMO_ACCOUNT = "AC00000000000000000000000000000000"


def given(environ: Mapping[str, str], *, demo: bool) -> dict[str, str]:
    """The settings of an environment that an embedded installation takes over."""
    wanted = _with_files({described.name for described in config.describe()} - OWN - (DEMOS_OWN if demo else set()))
    return {name: value for name, value in environ.items() if name in wanted and value}


def _with_files(names: Iterable[str]) -> set[str]:
    return {form for name in names for form in (name, f"{name}_FILE")}


def installation(environ: Mapping[str, str], *, demo: bool) -> Installation:
    """The installation in DATA_DIR, made or taken up again. Raises Misconfigured and Failed."""
    folder = config.one("data_dir", environ=environ)
    before = Installation.find(folder)
    if before is not None and before.demo != demo:
        raise Failed(_other_kind(folder, was_demo=before.demo))
    outside = given(environ, demo=demo)
    Installation.prepare(folder, demo=demo, given=outside)
    made = Installation.prepare(folder, demo=demo, given=_complete(folder, outside) if demo else outside)
    Settings.load("intake", made.environment())
    return made


def _other_kind(folder: Path, *, was_demo: bool) -> str:
    if was_demo:
        return f"The installation in {folder} is a demo and stays one. Choose another folder: DATA_DIR=…"
    return f"The installation in {folder} is a real one; no demo is put into it. Choose another: DATA_DIR=…"


def _complete(folder: Path, outside: Mapping[str, str]) -> dict[str, str]:
    """What was given, and what the demo adds."""
    found = Installation.find(folder)
    assert found is not None
    environ = found.environment()
    here = f"http://127.0.0.1:{config.one('port', environ=environ)}"
    return {
        "CITY": str(_pack()),
        "PUBLIC_URL": here,
        "LIMIT_FEEDBACK": "300/hour",
        "LIMIT_TRACK": "300/hour",
        "LIMIT_SIGN_IN": "100/hour",
        **outside,
        "CLOCK_FILE": str(found.folder / FILE),
        "TWILIO_ACCOUNT_SID": DEMO_ACCOUNT,
        "TWILIO_AUTH_TOKEN": demo_secret(config.one("secret_key", environ=environ), "provider"),
        "TWILIO_FROM": DEMO_NUMBER,
        "TWILIO_API_BASE": here,
        "SMTP_URL": f"file:{found.folder / 'mail'}",
        "MAIL_FROM": "Port Alder listens <listen@port-alder.example>",
    }


def demo_secret(key: bytes, purpose: str) -> str:
    """A secret of the demo that is the same at every start: 32 hexadecimal digits."""
    return KeyedHash(key).digest("demo", purpose).hex()[:32]


def _pack() -> Path:
    for folder in PACKS:
        if (folder / PACK).is_dir():
            return folder / PACK
    raise Failed(f"The demo city {PACK} is not installed. Name a city pack: CITY=…")


def environment_of_children(installed: Installation, environ: Mapping[str, str]) -> dict[str, str]:
    """What every child gets: the installation's settings, and of the surroundings all that is no setting."""
    settings = _with_files({*ELSEWHERE, *(described.name for described in config.describe())})
    rest = {name: value for name, value in environ.items() if name not in settings}
    return {**rest, **installed.environment(), "WEB_WORKERS": "1", "PYTHONUNBUFFERED": "1"}
