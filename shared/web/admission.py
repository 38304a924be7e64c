"""What happens to a request before its view, in this order, and nowhere else.

Size, room for a write, clean text, the guard of its access rule, then for pages the form, its CSRF
token and the language the reader chose.
"""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import NotFound

from shared.web import observing
from shared.web.access import SAFE, Guard, RouteWithoutRule, Rule, rule_of
from shared.web.body import BODY_LIMIT, check_form, check_query, raw_body, too_large
from shared.web.languages import remember_language
from shared.web.room import Room


class Admission:
    """Lets requests in or answers them."""

    def __init__(self, csrf: CSRFProtect, guards: Mapping[str, Guard], room: Room | None) -> None:
        self._csrf = csrf
        self._guards = guards
        self._room = room

    def __call__(self) -> ResponseReturnValue | None:
        """None to go on to the view. Raises Problem."""
        asked: Any = request._get_current_object()  # type: ignore[attr-defined]
        if asked.url_rule is None:
            return None  # 404 and 405 follow
        asked.environ[observing.ROUTE] = asked.url_rule.rule
        if asked.method == "OPTIONS" and asked.url_rule.provide_automatic_options:
            return None  # Flask answers it: which methods there are is no secret
        rule = rule_of(asked)
        if rule is None:
            raise RouteWithoutRule(f"{asked.url_rule.endpoint} was added after the rules were closed")
        return self._admit(asked, rule)

    def _admit(self, asked: Any, rule: Rule) -> ResponseReturnValue | None:
        writes = asked.method not in SAFE
        if (asked.content_length or 0) > BODY_LIMIT:
            raise too_large()
        if writes and self._room is not None:
            self._room.require()
        if rule.clean:
            _check_address(asked)
        elif writes:
            raw_body()  # what is signed is read before the signature is judged: 413 and 400 come first
        guard = self._guards.get(rule.who)
        if guard is not None and (answer := guard(rule)) is not None:
            return answer
        if rule.page:
            self._admit_person(writes)
        return None

    def _admit_person(self, writes: bool) -> None:
        if writes:
            check_form()
            self._csrf.protect()
        remember_language()


def _check_address(asked: Any) -> None:
    if asked.view_args and any("\0" in value for value in asked.view_args.values() if isinstance(value, str)):
        raise NotFound
    if asked.environ.get("QUERY_STRING"):
        check_query()
