"""Which language an answer is in: ?lang=, then what was chosen before, then Accept-Language."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from flask import Flask, current_app, request, session
from flask_babel import Babel, get_locale

from shared.web.access import current_rule
from shared.web.catalogues import SOURCE_LANGUAGE, Catalogues

CHOSEN = "lang"
EXTENSION = "commonground.languages"


def speak_languages(app: Flask, folders: Sequence[Path]) -> None:
    """Wire gettext and the reader's language; templates get `locale`, `dir` and `languages`."""
    catalogues = Catalogues(folders)
    known = catalogues.languages()
    babel = Babel(app, default_locale=SOURCE_LANGUAGE, locale_selector=lambda: _choose(known))
    babel.domain_instance = catalogues
    app.extensions[EXTENSION] = known

    @app.context_processor
    def names() -> dict[str, Any]:
        locale = get_locale() or Locale.parse(SOURCE_LANGUAGE)
        return {"locale": locale, "dir": locale.text_direction, "languages": _menu(known)}


def remember_language() -> None:
    """Keep the language a person chose with ?lang= for their next pages."""
    if request.query_string and request.args.get(CHOSEN) in current_app.extensions[EXTENSION]:
        session[CHOSEN] = request.args[CHOSEN]


def _has_cookies() -> bool:
    rule = current_rule()
    return rule is not None and rule.page


def _choose(known: Sequence[str]) -> str:
    asked = request.args.get(CHOSEN, "")
    if asked in known:
        return asked
    if _has_cookies() and session.get(CHOSEN) in known:
        return str(session[CHOSEN])
    return _lookup(known)


def _lookup(known: Sequence[str]) -> str:
    """The first acceptable language we know, each also without its region (RFC 4647, section 3.4)."""
    for asked, quality in request.accept_languages:
        code = asked.replace("_", "-")
        for candidate in (code, code.partition("-")[0]):
            if quality > 0 and candidate in known:
                return candidate
    return SOURCE_LANGUAGE


def _menu(known: Sequence[str]) -> list[dict[str, str]]:
    return [_entry(code) for code in known]


def _entry(code: str) -> dict[str, str]:
    locale = Locale.parse(code)
    name = (locale.get_display_name(code) or code).capitalize()
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != CHOSEN]
    href = "?" + urlencode([*kept, (CHOSEN, code)])
    return {"code": code, "name": name, "dir": locale.text_direction, "href": href}
