"""How a view says that it is limited."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from flask import Flask, current_app, request

from shared.web.address import request_address
from shared.web.problems import too_many

EXTENSION = "commonground.limits"
P = ParamSpec("P")
R = TypeVar("R")


class Limiter(Protocol):
    """Counts requests per address."""

    def hit(self, address: str) -> int | None:
        """Count one: None, or the seconds to wait when it is one too many."""


class UnknownLimit(RuntimeError):
    """A view is limited by a name that `create_app` was given no limiter for."""


def limited(
    name: str, *, methods: frozenset[str] | None = None, unless: Callable[[], bool] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit a view, or only some of its methods: one request too many answers 429 with Retry-After.

    `unless` tells callers apart that are known by more than their address, such as staff tokens.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def counted(*args: P.args, **kwargs: P.kwargs) -> R:
            if (methods is None or request.method in methods) and not (unless and unless()):
                _count(name)
            return view(*args, **kwargs)

        counted.limit_name = name  # type: ignore[attr-defined]
        return counted

    return decorate


def _count(name: str) -> None:
    limiter: Limiter = current_app.extensions[EXTENSION][name]
    wait = limiter.hit(request_address())
    if wait is not None:
        raise too_many(wait)


def enforce_limits(app: Flask, limiters: Mapping[str, Limiter]) -> None:
    """Give the app its limiters. Raises UnknownLimit when a view names another."""
    app.extensions[EXTENSION] = dict(limiters)
    unknown = {name for view in app.view_functions.values() for name in _names(view)} - set(limiters)
    if unknown:
        raise UnknownLimit(f"no limiter for {', '.join(sorted(unknown))}")


def _names(view: Any) -> list[str]:
    kind = getattr(view, "view_class", None)
    handlers = [view] if kind is None else [getattr(kind, name) for name in dir(kind)]
    return [handler.limit_name for handler in handlers if hasattr(handler, "limit_name")]
