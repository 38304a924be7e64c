"""Settings that cannot be used, or that do not fit together; the city pack."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from commonground.doctor.finding import Finding, note, ok, wrong
from commonground.installation import SERVICES
from shared import cities, config

LOCAL = ("127.0.0.1", "localhost", "::1")
LIST = "commonground config lists every setting with an example"


def settings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Every setting can be read."""
    problems = {
        entry.problem for service in SERVICES for entry in config.examine(service, environ) if entry.problem
    }
    for problem in sorted(problems):
        yield wrong("settings", problem, LIST)
    if not problems:
        yield ok("settings", "all can be used")


def city(environ: Mapping[str, str]) -> Iterator[Finding]:
    """The city pack can be used."""
    try:
        pack = cities.load(config.one("city", environ=environ))
    except cities.InvalidCityPack as error:
        for problem in error.problems:
            yield wrong("city pack", problem, "mend city.toml or districts.geojson in the folder CITY names")
    else:
        parts = f"{len(pack.districts)} districts, {len(pack.categories)} categories, {len(pack.teams)} teams"
        yield ok("city pack", f"{pack.name()}: {parts}")


def address(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Residents reach it safely."""
    url = urlsplit(config.one("public_url", environ=environ))
    if url.scheme == "http" and url.hostname not in LOCAL:
        yield wrong("PUBLIC_URL", f"{url.geturl()} is not encrypted", "put TLS before it and set https://…")
    else:
        yield ok("PUBLIC_URL", url.geturl())


def provider(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Texts and mail have all they need, or nothing."""
    texts = {name: config.one(name.lower(), environ=environ) for name in _TEXTS}
    missing = [name for name, value in texts.items() if not value]
    if len(missing) == len(texts):
        yield note("texts", "none are sent or taken in", f"set {', '.join(_TEXTS)} to have them")
    elif missing:
        yield wrong("texts", f"{', '.join(missing)} missing", "set all three, or none")
    else:
        yield ok("texts", f"sent from {texts['TWILIO_FROM']} over {config.one('twilio_api_base', environ=environ)}")
    server, sender = config.one("smtp_url", environ=environ), config.one("mail_from", environ=environ)
    if not server:
        yield note("mail", "none is sent", "set SMTP_URL and MAIL_FROM to have it")
    elif not sender:
        yield wrong("mail", "MAIL_FROM is missing", "set the address that mail comes from")
    else:
        yield ok("mail", f"sent as {sender}")


_TEXTS = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")
