"""The pages of the demo phone: choose a number, text, read; and the mails that went out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from werkzeug.exceptions import NotFound

from commonground.demo.phone.mails import newest
from commonground.demo.provider import Ledger, Text, Webhooks
from commonground.demo.provider.ledger import CARRIER, IN
from shared.cities import City
from shared.design.moments import exact, spoken
from shared.web.access import by_default, public

#: 555-0100 to 555-0199 belong to nobody: they are kept for stories.
NUMBERS = tuple(f"+121555501{ending}" for ending in range(11, 17))
LONGEST = 1600
FROM = {IN: "resident", CARRIER: "system"}


def pages(city: City, ledger: Ledger, webhooks: Webhooks, mails: Path | None) -> Blueprint:
    """The demo's pages, open to whoever can reach them."""
    demo = Blueprint("phone", __name__, url_prefix="/demo/phone")
    by_default(demo, public)

    @demo.get("")
    def choose() -> ResponseReturnValue:
        phones = [
            {"number": number, "spoken": said(number), "texts": len(ledger.texts(number))} for number in NUMBERS
        ]
        return render_template("demo/choose.html", phones=phones, mails=mails is not None)

    @demo.get("/<digits>")
    def conversation(digits: str) -> ResponseReturnValue:
        return _conversation(city, ledger, number_of(digits))

    @demo.post("/<digits>")
    def text(digits: str) -> ResponseReturnValue:
        number, body = number_of(digits), request.form.get("body", "").strip()
        if not body or len(body) > LONGEST:
            problem = gettext("Write something, at most %(limit)s characters.", limit=LONGEST)
            return _conversation(city, ledger, number, draft=body, problem=problem), 422
        answer = webhooks.text_in(number, body)
        if answer is None or answer >= 300:
            problem = gettext("The service did not take the text. It answered: %(answer)s.", answer=answer or "–")
            return _conversation(city, ledger, number, draft=body, problem=problem), 502
        return redirect(url_for("phone.conversation", digits=digits) + "#newest", 303)

    @demo.get("/mail")
    def mail() -> ResponseReturnValue:
        return render_template("demo/mail.html", mails=newest(mails) if mails else [])

    return demo


def number_of(digits: str) -> str:
    """The number of a page's address. Raises NotFound for one that is not in the demo."""
    if f"+{digits}" not in NUMBERS:
        raise NotFound
    return f"+{digits}"


def said(number: str) -> str:
    """As people write it: (215) 555-0111."""
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}"


def _conversation(city: City, ledger: Ledger, number: str, *, draft: str = "", problem: str = "") -> str:
    return render_template(
        "demo/conversation.html",
        number=number,
        spoken=said(number),
        texts=[_shown(text, city) for text in ledger.texts(number)],
        draft=draft,
        problem=problem,
        limit=LONGEST,
    )


def _shown(text: Text, city: City) -> dict[str, Any]:
    at, locale = datetime.fromisoformat(text.at), get_locale()
    return {
        "kind": FROM.get(text.direction, "staff"),
        "body": text.body,
        "at": at,
        "words": spoken(at, datetime.now(UTC), city.time_zone, locale, gettext),
        "exact": exact(at, city.time_zone, locale),
    }
