"""Signed cookies, read only by requests that bring one: most are programs' and bring none."""

from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions without the cost of preparing signatures for requests that have none."""

    def open_session(self, app: Flask, request: Request) -> Any:
        """The session of the request's cookie; an empty one without a cookie or with a forged one."""
        if self.get_cookie_name(app) not in request.environ.get("HTTP_COOKIE", ""):
            return SecureCookieSession()
        return super().open_session(app, request)
