"""One /healthz, /readyz and /metrics for all processes of the embedded installation."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

Wsgi = Callable[[Any, Any], Iterable[bytes]]
TIMEOUT_S = 2.0


class Health:
    """Asks the applications in this process and the workers behind their ports."""

    def __init__(self, applications: Mapping[str, Wsgi], workers: Mapping[str, int]) -> None:
        self._applications = {name: Client(application) for name, application in applications.items()}
        self._workers = workers

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """One request."""
        path = Request(environ).path
        answer = {"/healthz": self._alive, "/readyz": self._ready, "/metrics": self._metrics}.get(path, _absent)()
        return answer(environ, start_response)

    def _alive(self) -> Response:
        return _json({"alive": True})

    def _ready(self) -> Response:
        reasons = {**self._reasons_of_applications(), **self._reasons_of_workers()}
        answer = _json({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)
        if reasons:
            answer.headers["Retry-After"] = "5"
        return answer

    def _reasons_of_applications(self) -> dict[str, Any]:
        asked = {name: client.get("/readyz") for name, client in self._applications.items()}
        return {f"{name}-web": _reasons(answer.data) for name, answer in asked.items() if answer.status_code != 200}

    def _reasons_of_workers(self) -> dict[str, Any]:
        asked = {service: _ask(port, "/readyz") for service, port in self._workers.items()}
        return {f"{service}-worker": _reasons(body) for service, (status, body) in asked.items() if status != 200}

    def _metrics(self) -> Response:
        # All applications of this process count in one place, so one of them speaks for all.
        web = next(iter(self._applications.values())).get("/metrics")
        texts = {"web": web.data}
        for service, port in self._workers.items():
            status, body = _ask(port, "/metrics")
            texts |= {f"{service}-worker": body} if status == 200 else {}
        return Response(_merged(texts), content_type=CONTENT_TYPE_LATEST)


def _absent() -> Response:
    return _json({"title": "Not Found", "status": 404}, 404)


def _json(value: Any, status: int = 200) -> Response:
    answer = Response(json.dumps(value), status, content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _ask(port: int, path: str) -> tuple[int, bytes]:
    """Status and body; 0 when nobody answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=TIMEOUT_S) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()
    except (URLError, OSError):
        return 0, b""


def _reasons(body: bytes) -> Any:
    try:
        found = json.loads(body)
    except ValueError:
        return "does not answer"
    # Web processes give reasons by check, workers a list of problems.
    return found.get("reasons") or found.get("problems") if isinstance(found, dict) else found


class _Families:
    """Metrics of several processes, each with the label `process`."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self._texts = texts

    def collect(self) -> Iterable[Metric]:
        """Every family once, with the samples of all processes."""
        families: dict[str, Metric] = {}
        for process, text in self._texts.items():
            for family in text_string_to_metric_families(text.decode()):
                kept = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    labels = {**sample.labels, "process": process}
                    kept.add_sample(sample.name, labels, sample.value, sample.timestamp, sample.exemplar)
        return families.values()


def _merged(texts: Mapping[str, bytes]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(texts))
    return generate_latest(registry)
