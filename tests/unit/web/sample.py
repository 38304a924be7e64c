"""A small service that stands on shared.web, for the tests of the ground itself."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, render_template_string, request
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.exc import OperationalError

from shared.config import Settings
from shared.web.access import Rule, by_default, public, public_api, receipt, signed, staff
from shared.web.answers import json_answer
from shared.web.api import ApiBlueprint, ApiSpec
from shared.web.app import App, Site, create_app
from shared.web.faults import Length, fault
from shared.web.problems import Problem

CITY = SimpleNamespace(name="Port Alder", emergency_number="911")
FORM = """{% extends 'design/resident.html' %}{% from 'design/parts/forms.html' import csrf %}
{% block content %}<form method="post">{{ csrf() }}<input name="text"></form>{% endblock %}"""


def settings_for(tmp_path: Path, **more: str) -> Settings:
    environ = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/sample.sqlite3",
        "BUS_URL": f"sqlite:///{tmp_path}/bus.sqlite3",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "SECRET_KEY": "a secret key that only this test knows",
        "SEALING_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "CITY": str(tmp_path),
        **more,
    }
    return Settings.load(environ=environ)


def _phone(value: str) -> None:
    if not value.startswith("+"):
        raise ValidationError(fault("invalid_phone", "This is not a phone number."))


class Contact(Schema):
    phone = fields.String(validate=_phone)


class Item(Schema):
    text = fields.String(required=True, validate=Length(1, 20))
    kind = fields.String(load_default="concern", validate=validate.OneOf(["concern", "thanks"]))
    count = fields.Integer(strict=True, validate=validate.Range(0, 10))
    contact = fields.Nested(Contact)
    named = fields.List(fields.Nested(Contact))


class Listing(Schema):
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    state = fields.String()


def programs() -> ApiBlueprint:
    api = ApiBlueprint("items", __name__, url_prefix="/api/v1")
    by_default(api, public_api)

    @api.post("/items")
    @api.arguments(Item)
    @api.response(201, Item)
    def add(item: dict[str, Any]) -> dict[str, Any]:
        return item

    @api.get("/items")
    @api.arguments(Listing, location="query")
    @api.response(200, Listing)
    def show(asked: dict[str, Any]) -> dict[str, Any]:
        return asked

    @api.get("/status")
    @receipt
    @api.response(200)
    def status() -> Response:
        return json_answer({"state": "received"})

    @api.get("/broken/<kind>")
    def broken(kind: str) -> Response:
        if kind == "outage":
            raise OperationalError("SELECT", {}, Exception("database is locked"))
        if kind == "gone":
            raise Problem(410)
        raise RuntimeError("a bug, and somebody's name in it")

    return api


def pages() -> Blueprint:
    site = Blueprint("pages", __name__)
    by_default(site, public)

    @site.get("/report")
    def form() -> str:
        return render_template_string(FORM)

    @site.post("/report")
    def send() -> str:
        return request.form["text"]

    @site.get("/console/")
    @staff("liaison")
    def console() -> str:
        return "console"

    @site.post("/console/")
    @staff("liaison")
    def act() -> str:
        return "done"

    @site.post("/webhooks/sms")
    @signed
    def text_in() -> Response:
        return Response("<Response/>", mimetype="text/xml")

    @site.get("/broken")
    def broken() -> str:
        raise RuntimeError("a bug, and somebody's name in it")

    return site


def guards() -> dict[str, Callable[[Rule], Any]]:
    def bearer(_rule: Rule) -> None:
        if request.headers.get("Authorization") != "Bearer good":
            raise Problem(401, headers={"WWW-Authenticate": "Bearer"})

    def signature(_rule: Rule) -> None:
        if request.headers.get("X-Signature") != "good" or request.form.get("Body") is None:
            raise Problem(403)

    def person(rule: Rule) -> Response | None:
        role = request.headers.get("X-Role")
        if role is None:
            return Response(status=302, headers={"Location": "/account/sign-in"})
        if role not in rule.roles:
            raise Problem(403)
        return None

    return {"receipt": bearer, "signed": signature, "staff": person}


def sample_site(folder: Path, **more: Any) -> Site:
    known: dict[str, Any] = {
        "service": "sample",
        "folder": folder,
        "blueprints": [pages()],
        "apis": [ApiSpec("Sample", "/api/openapi.json", [programs()])],
        "guards": guards(),
        "context": {"city": CITY},
    }
    return Site(**{**known, **more})


def sample_app(folder: Path, settings: Settings, **more: Any) -> App:
    return create_app(sample_site(folder, **more), settings)
