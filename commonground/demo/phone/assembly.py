"""Puts the provider and the phone behind one door: `/2010-04-01/…` and `/demo/…`."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from commonground.demo.phone.pages import pages
from commonground.demo.provider import Account, Ledger, Provider, Webhooks
from shared.cities import load
from shared.config import Settings
from shared.web.app import Site, create_app

Wsgi = Callable[[Any, Any], Iterable[bytes]]
SERVICE = "demo"
API = "/2010-04-01/"


def create_demo(settings: Settings, ledger: Path) -> Wsgi:
    """The demo's application. Starts the thread that reports what became of texts.

    Only for the embedded demo: whoever opens the page may text under any of its numbers.
    """
    account = Account(
        sid=settings.twilio_account_sid,
        token=settings.twilio_auth_token[0],
        number=settings.twilio_from,
        public_url=settings.public_url,
        reach_url=f"http://127.0.0.1:{settings.port}",
    )
    book = Ledger(ledger)
    webhooks = Webhooks(account, book)
    webhooks.start()
    provider = Provider(account, book, webhooks, obeys_opt_outs=True)
    phone = _phone(settings, book, webhooks)

    def demo(environ: Any, start_response: Any) -> Iterable[bytes]:
        asked_api = environ.get("PATH_INFO", "").startswith(API)
        return (provider if asked_api else phone)(environ, start_response)

    return demo


def _phone(settings: Settings, ledger: Ledger, webhooks: Webhooks) -> Wsgi:
    city = load(settings.city)
    site = Site(
        service=SERVICE,
        folder=Path(__file__).parent,
        blueprints=[pages(city, ledger, webhooks, mail_folder(settings))],
        context={"city": city},
    )
    app = create_app(site, settings)
    # A cookie of its own: the resident's draft in cg_resident is none of our business.
    app.config.update(SESSION_COOKIE_NAME="cg_demo", SESSION_COOKIE_PATH="/demo")
    return app


def mail_folder(settings: Settings) -> Path | None:
    """Where the demo's mails lie, if they go into a folder."""
    return Path(urlsplit(settings.smtp_url).path) if settings.smtp_url.startswith("file:") else None
