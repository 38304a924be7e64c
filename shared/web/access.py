"""Who may use a route: each declares a rule, and the rule is what is enforced.

A rule is a decorator (`@public`, `@staff("supervisor")`) or a blueprint's default (`by_default(bp, rule)`).
A route without one stops the start. Guards (one function per kind of caller, given to `create_app`)
find out who calls and raise Problem 401, 403 or 404, or answer, such as with the way to sign-in.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Flask, Request, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule as Route

View = TypeVar("View", bound=Callable[..., Any])
EXTENSION = "commonground.access"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class RouteWithoutRule(RuntimeError):
    """A route does not say who may use it."""


class RuleWithoutGuard(RuntimeError):
    """A rule is used that nothing enforces."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route. As a decorator it marks a view or a MethodView."""

    who: str
    roles: frozenset[str] = frozenset()
    page: bool = False
    """For people in a browser: answers are pages, forms carry a CSRF token."""
    guarded: bool = True
    clean: bool = True
    """NUL and lone surrogates are refused before the view; a signed webhook strips them after its check."""

    def __call__(self, view: View) -> View:
        """Mark the view."""
        view.access_rule = self  # type: ignore[attr-defined]
        return view


Guard = Callable[[Rule], ResponseReturnValue | None]

public = Rule("public", page=True, guarded=False)
"""Anybody, with a browser."""
public_api = Rule("public_api", guarded=False)
"""Any program; cookies are not looked at."""
receipt = Rule("receipt")
"""A program that shows a receipt (`Authorization: Bearer`)."""
signed = Rule("signed", clean=False)
"""A provider whose signature is checked."""
staff_token = Rule("staff_token")
"""A staff member's program (`Authorization: Bearer`)."""
operators = Rule("operators", guarded=False)
"""Operators; the production proxy does not let it through."""


def staff(*roles: str) -> Rule:
    """A signed-in staff member, of one of the roles if any are named."""
    return Rule("staff", frozenset(roles), page=True)


def by_default(blueprint: Blueprint, rule: Rule) -> None:
    """The rule of the blueprint's routes that declare none."""
    blueprint.record(lambda state: _defaults(state.app).__setitem__(state.name, rule))


def _defaults(app: Any) -> dict[str, Rule]:
    defaults: dict[str, Rule] = app.extensions.setdefault(f"{EXTENSION}.defaults", {})
    return defaults


def rules_of(app: Flask) -> Mapping[tuple[str, str], Rule]:
    """The rule of every (endpoint, method) of the app. Raises RouteWithoutRule."""
    return dict(_rules(app))


def _rules(app: Flask) -> Iterator[tuple[tuple[str, str], Rule]]:
    for route in app.url_map.iter_rules():
        for method in (route.methods or set()) - _automatic(route):
            rule = _declared(app, route.endpoint, method)
            if rule is None:
                raise RouteWithoutRule(f"{method} {route.rule} ({route.endpoint}) does not say who may use it")
            yield (route.endpoint, method), rule


def _automatic(route: Route) -> set[str]:
    """The methods Flask answers itself, or with the view of GET."""
    return {"HEAD", "OPTIONS"} if getattr(route, "provide_automatic_options", False) else {"HEAD"}


def _declared(app: Flask, endpoint: str, method: str) -> Rule | None:
    view = app.view_functions[endpoint]
    kind = getattr(view, "view_class", None)
    handler = getattr(kind, method.lower(), None)
    default = _defaults(app).get(endpoint.rpartition(".")[0])
    for place in (handler, kind, view):
        rule = getattr(place, "access_rule", None)
        if rule is not None:
            return rule if isinstance(rule, Rule) else None
    return default


def close_rules(app: Flask, guards: Mapping[str, Guard]) -> None:
    """Every route has a rule and every rule is enforced. Raises RouteWithoutRule, RuleWithoutGuard."""
    rules = rules_of(app)
    unguarded = {rule.who for rule in rules.values() if rule.guarded} - set(guards)
    if unguarded:
        raise RuleWithoutGuard(f"nothing enforces the rule {', '.join(sorted(unguarded))}")
    app.extensions[EXTENSION] = rules


def current_rule() -> Rule | None:
    """The rule of the route being used; None where there is no such route."""
    return rule_of(request)


def rule_of(asked: Request) -> Rule | None:
    """The rule of the route a request uses."""
    if asked.url_rule is None:
        return None
    method = "GET" if asked.method == "HEAD" else asked.method
    rules: Mapping[tuple[str, str], Rule] = current_app.extensions[EXTENSION]
    return rules.get((asked.url_rule.endpoint, method))
