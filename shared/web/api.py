"""Programs' interfaces: marshmallow schemas in, problem+json out, and OpenAPI 3.1 generated from both."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

import flask_smorest
from flask import Flask, Response, request
from flask_smorest.spec.plugins import FlaskPlugin
from flask_smorest.utils import prepare_response
from marshmallow import Schema, ValidationError, fields
from webargs.fields import DelimitedList

from shared.web.access import public_api, rules_of
from shared.web.answers import json_answer
from shared.web.body import json_body
from shared.web.faults import fault
from shared.web.languages import CHOSEN
from shared.web.problems import MEDIA_TYPE

View = TypeVar("View", bound=Callable[..., Any])
OPENAPI_VERSION = "3.1.0"
REPEATED = "This may be given only once."
BEARER = {
    "receipt": {"type": "http", "scheme": "bearer", "description": "The receipt number."},
    "staff_token": {"type": "http", "scheme": "bearer", "description": "A staff member's token."},
}


class Decorator(Protocol):
    """What marks a view and leaves it as it is."""

    def __call__(self, view: View, /) -> View:
        """The view."""


class FaultSchema(Schema):
    """One thing that is wrong (documentation only)."""

    pointer = fields.String(required=True, metadata={"description": "RFC 6901 pointer into what was sent."})
    code = fields.String(required=True, metadata={"description": "Stable; for programs."})
    message = fields.String(required=True, metadata={"description": "In the language of Accept-Language."})


class ProblemSchema(Schema):
    """What is answered instead (RFC 9457; documentation only)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.List(fields.Nested(FaultSchema), metadata={"description": "With status 422."})


@dataclass(frozen=True)
class ApiSpec:
    """One interface of a service: its blueprints and where its description is served."""

    title: str
    path: str
    blueprints: Sequence["ApiBlueprint"]
    version: str = "1"


def _load_json(schema: Schema) -> Any:
    return schema.load(json_body())


def _load_query(schema: Schema) -> Any:
    return schema.load(_query_values(schema))


def _query_values(schema: Schema) -> dict[str, Any]:
    known = {field.data_key or name: field for name, field in schema.load_fields.items()}
    values: dict[str, Any] = {}
    for name, given in request.args.lists():
        field = known.get(name)
        if isinstance(field, fields.List) and not isinstance(field, DelimitedList):
            values[name] = given
        elif len(given) > 1:
            raise ValidationError({name: [fault("repeated", REPEATED)]})
        elif name != CHOSEN or field is not None:
            values[name] = given[0]
    return values


def _load_headers(schema: Schema) -> Any:
    names = [field.data_key or name for name, field in schema.load_fields.items()]
    return schema.load({name: request.headers[name] for name in names if name in request.headers})


LOADERS: Mapping[str, Callable[[Schema], Any]] = {
    "json": _load_json,
    "query": _load_query,
    "headers": _load_headers,
}


class ApiBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A blueprint of an interface. `arguments` reads strictly; the rest is flask-smorest's."""

    # flask-smorest has no types; its decorators give back what they are given.
    get: Callable[..., "Decorator"]
    post: Callable[..., "Decorator"]
    doc: Callable[..., "Decorator"]
    response: Callable[..., "Decorator"]
    alt_response: Callable[..., "Decorator"]

    def arguments(
        self,
        schema: Schema | type[Schema],
        *,
        location: str = "json",
        required: bool = True,
        description: str | None = None,
        example: Any = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Load the body (or `location="query"`, `"headers"`) with the schema; the view gets it as an argument.

        The schema is built once, here. What is wrong answers 400, 413, 415 or 422.
        """
        built = schema() if isinstance(schema, type) else schema
        load = LOADERS[location]
        said = {"description": description, "example": example}
        parameter = {"in": location, "required": required, "schema": built}
        parameter |= {name: value for name, value in said.items() if value is not None}

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def loaded(*args: Any, **kwargs: Any) -> Any:
                return view(*args, load(built), **kwargs)

            loaded._apidoc = _described(view, parameter)  # type: ignore[attr-defined]
            return loaded

        return decorate


def _described(view: Any, parameter: dict[str, Any]) -> dict[str, Any]:
    known = deepcopy(getattr(view, "_apidoc", {}))
    arguments = known.setdefault("arguments", {})
    arguments.setdefault("parameters", []).append(parameter)
    arguments.setdefault("responses", {})[422] = HTTPStatus(422).name
    return dict(known)


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest's registry, with our problems in its documents and none of its error handlers."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        # shared.web.errors answers every error; flask-smorest's handler would drop Allow on 405.
        return

    def _register_responses(self) -> None:
        for name, words in [(status.name, status.phrase) for status in HTTPStatus] + [
            ("DEFAULT_ERROR", "A problem")
        ]:
            response = {"description": words, "schema": self.ERROR_SCHEMA}
            prepare_response(response, self.spec, MEDIA_TYPE)
            self.spec.components.response(name, response, lazy=True)


def publish(app: Flask, spec: ApiSpec) -> None:
    """Register the interface's blueprints and serve its description at its path."""
    prefix = spec.path.strip("/").replace("/", "_").replace(".", "_").upper()
    app.config[f"{prefix}_API_TITLE"] = spec.title
    app.config[f"{prefix}_API_VERSION"] = spec.version
    app.config[f"{prefix}_OPENAPI_VERSION"] = OPENAPI_VERSION
    api = Api(app, config_prefix=prefix)
    for name, scheme in BEARER.items():
        api.spec.components.security_scheme(name, scheme)
    for blueprint in spec.blueprints:
        api.register_blueprint(blueprint)
    described: list[dict[str, Any]] = []

    @app.get(spec.path, endpoint=f"openapi.{prefix.lower()}".replace(".", "_"))
    @public_api
    def openapi() -> Response:
        if not described:
            described.append(_with_security(app, api.spec.to_dict()))
        return json_answer(described[0])


def _with_security(app: Flask, document: dict[str, Any]) -> dict[str, Any]:
    """Say in the description what the access rules say."""
    rules = rules_of(app)
    for route in app.url_map.iter_rules():
        operations = document["paths"].get(FlaskPlugin.flaskpath2openapi(route.rule), {})
        for method, operation in operations.items():
            rule = rules.get((route.endpoint, method.upper()))
            if rule is not None and rule.who in BEARER:
                operation["security"] = [{rule.who: []}]
    return document
