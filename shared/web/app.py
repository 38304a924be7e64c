"""Assembles a web process's application: the same ground under every service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

from shared.config import Settings
from shared.sealing import KeyedHash
from shared.web import address
from shared.web.access import Guard, close_rules
from shared.web.admission import Admission
from shared.web.api import ApiSpec, publish
from shared.web.assets import serve_assets
from shared.web.body import Request
from shared.web.errors import answer_errors
from shared.web.headers import fixed_headers
from shared.web.health import Check, health_pages
from shared.web.languages import speak_languages
from shared.web.limits.limited import Limiter, enforce_limits
from shared.web.observing import Observed
from shared.web.room import Room
from shared.web.sessions import Sessions

HERE = Path(__file__).parent
DESIGN = HERE.parent / "design"
STAFF_COOKIE = "cg_staff"
RESIDENT_COOKIE = "cg_resident"


@dataclass(frozen=True, kw_only=True)
class Site:
    """What a service brings: its rooms on disk, its routes and those who guard them."""

    service: str
    folder: Path
    """The service's folder; `templates`, `static` and `translations` in it are found by themselves."""
    blueprints: Sequence[Blueprint] = ()
    apis: Sequence[ApiSpec] = ()
    guards: Mapping[str, Guard] = field(default_factory=dict)
    """Per kind of rule ("receipt", "signed", "staff_token", "staff") the function that lets callers in."""
    limiters: Mapping[str, Limiter] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    """What /readyz asks."""
    room: Room | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    """Names every template knows, such as the city."""
    for_staff: bool = False
    """Cookie cg_staff and the staff frame for errors, instead of cg_resident and the residents' frame."""


class App(Flask):
    """Flask with our request, which counts its body, and our sessions."""

    request_class = Request
    session_interface = Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view here is a coroutine: asking so for each function of each request costs time."""
        return func


def create_app(site: Site, settings: Settings) -> App:
    """The application of a service. Raises RouteWithoutRule, RuleWithoutGuard or UnknownLimit."""
    app = App(f"commonground.{site.service}", static_folder=None, root_path=str(site.folder))
    https = settings.public_url.startswith("https:")
    _configure(app, site, settings, https=https)
    _look_for_templates(app, site)
    speak_languages(app, [DESIGN / "translations", HERE / "translations", site.folder / "translations"])
    serve_assets(app, site.service, [site.folder / "static", DESIGN / "static"])
    _add_routes(app, site)
    close_rules(app, site.guards)
    app.before_request(Admission(CSRFProtect(app), site.guards, site.room))
    enforce_limits(app, site.limiters)
    answer_errors(app)
    headers = fixed_headers(https=https)
    app.wsgi_app = Observed(app.wsgi_app, site.service, headers)  # type: ignore[method-assign]
    return app


def _configure(app: App, site: Site, settings: Settings, *, https: bool) -> None:
    # A key per service: a resident's cookie renamed must not become a staff member's.
    app.secret_key = KeyedHash(settings.secret_key).digest("cookies", site.service)
    app.config.update(
        {
            "SESSION_COOKIE_NAME": STAFF_COOKIE if site.for_staff else RESIDENT_COOKIE,
            "SESSION_COOKIE_SECURE": https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            # A person may take longer over a form than any time limit; the token ends with the session.
            "WTF_CSRF_TIME_LIMIT": None,
            # enforce_rules asks for the token where the rule says so. The Referer check cannot work
            # where the policy is to send none; SameSite and the token stand in its place.
            "WTF_CSRF_CHECK_DEFAULT": False,
            "WTF_CSRF_SSL_STRICT": False,
            address.SETTING: settings.trusted_proxies,
        }
    )


def _look_for_templates(app: App, site: Site) -> None:
    folders = [site.folder / "templates", HERE / "templates", DESIGN / "templates"]
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.autoescape = True
    frame = "design/staff.html" if site.for_staff else "design/resident.html"
    app.jinja_env.globals.update({"problem_frame": frame, **site.context})


def _add_routes(app: App, site: Site) -> None:
    for blueprint in (*site.blueprints, health_pages(site.checks)):
        app.register_blueprint(blueprint)
    for api in site.apis:
        publish(app, api)
