"""The web process of the embedded installation: one door, behind it the applications of all services."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, NoReturn

from commonground.demo.phone import create_demo
from commonground.embedded import lifeline
from commonground.embedded.health import Health
from commonground.embedded.running import Running
from commonground.installation import SERVICES, Installation
from shared import logs
from shared.config import Settings
from shared.web.serve import serve

Wsgi = Callable[[Any, Any], Iterable[bytes]]

#: The first part that fits a path (itself, or what lies below it) decides; everything else is intake's.
#: The reverse proxy of production has the same map.
PATHS = {
    "/console": "routing",
    "/supervisor": "routing",
    "/admin": "routing",
    "/account": "routing",
    "/transparency": "routing",
    "/api/staff": "routing",
    "/static/routing": "routing",
    "/webhooks/twilio/status": "notifications",
    "/static/notifications": "notifications",
    "/demo": "demo",
    "/static/demo": "demo",
    "/2010-04-01": "demo",
    "/healthz": "health",
    "/readyz": "health",
    "/metrics": "health",
}
FRONT_DOOR = "intake"


class Dispatcher:
    """Gives each request to the application that its path belongs to; the path stays whole."""

    def __init__(self, applications: Mapping[str, Wsgi]) -> None:
        self._applications = applications

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """One request."""
        return self._applications[self.owner_of(environ.get("PATH_INFO", ""))](environ, start_response)

    def owner_of(self, path: str) -> str:
        """The application's name."""
        for part, owner in PATHS.items():
            if (path == part or path.startswith(f"{part}/")) and owner in self._applications:
                return owner
        return FRONT_DOOR


def assemble(settings: Settings) -> Dispatcher:
    """All applications of one worker process, made after it was forked."""
    applications: dict[str, Wsgi] = {
        service: import_module(f"services.{service}.app").create_app(Settings.load(service)) for service in SERVICES
    }
    running = Running.find(settings.data_dir)
    health = Health(applications, running.workers if running else {})
    installed = Installation.find(settings.data_dir)
    demo = {"demo": create_demo(settings, settings.data_dir / "phone.db")} if installed and installed.demo else {}
    return Dispatcher({**applications, **demo, "health": health})


def run() -> NoReturn:
    """Serve HOST:PORT until SIGTERM."""
    settings = Settings.load("intake")
    logs.configure("web", settings.log_level)
    # gunicorn's own worker processes hang on its arbiter as that hangs on the supervising process.
    arbiter = lifeline.myself()

    def make(settings: Settings) -> Dispatcher:
        lifeline.end_with(arbiter)
        return assemble(settings)

    serve(make, settings)
