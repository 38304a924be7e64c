"""Every route says who may use it, and what it says is enforced."""

import pytest
from flask import Blueprint
from flask.views import MethodView

from shared.web.access import (
    RouteWithoutRule,
    RuleWithoutGuard,
    by_default,
    public,
    public_api,
    rules_of,
    signed,
    staff,
    staff_token,
)
from tests.unit.web.sample import sample_app


def app_with(blueprint, tmp_path, settings, **more):
    return sample_app(tmp_path, settings, blueprints=[blueprint], **more)


def test_a_route_without_a_rule_stops_the_start(tmp_path, settings):
    silent = Blueprint("silent", __name__)
    silent.get("/silent")(lambda: "x")
    with pytest.raises(RouteWithoutRule, match="/silent"):
        app_with(silent, tmp_path, settings)


def test_a_method_of_a_view_class_without_a_rule_stops_the_start(tmp_path, settings):
    class Half(MethodView):
        @public
        def get(self):
            return "x"

        def post(self):
            return "x"

    half = Blueprint("half", __name__)
    half.add_url_rule("/half", view_func=Half.as_view("half"))
    with pytest.raises(RouteWithoutRule, match="POST /half"):
        app_with(half, tmp_path, settings)


def test_a_rule_nobody_enforces_stops_the_start(tmp_path, settings):
    tokens = Blueprint("tokens", __name__)
    tokens.get("/tokens")(staff_token(lambda: "x"))
    with pytest.raises(RuleWithoutGuard, match="staff_token"):
        app_with(tokens, tmp_path, settings)


def test_a_rule_may_stand_above_or_below_the_route_on_a_class_or_as_default(tmp_path, settings):
    @public
    class Whole(MethodView):
        def get(self):
            return "x"

        @signed
        def post(self):
            return "x"

    pages = Blueprint("p", __name__)
    by_default(pages, staff("auditor"))
    pages.get("/default")(lambda: "x")

    @public
    @pages.get("/above")
    def above():
        return "x"

    @pages.get("/below")
    @public_api
    def below():
        return "x"

    pages.add_url_rule("/whole", view_func=Whole.as_view("whole"))
    rules = rules_of(app_with(pages, tmp_path, settings))
    assert rules["p.above", "GET"] is public
    assert rules["p.below", "GET"] is public_api
    assert rules["p.whole", "GET"] is public and rules["p.whole", "POST"] is signed
    assert rules["p.<lambda>", "GET"] == staff("auditor")


def test_a_default_holds_for_its_own_blueprint_only(tmp_path, settings):
    outer, inner = Blueprint("outer", __name__), Blueprint("inner", __name__)
    by_default(outer, public)
    outer.get("/outer")(lambda: "x")
    inner.get("/inner")(lambda: "x")
    outer.register_blueprint(inner)
    with pytest.raises(RouteWithoutRule, match="/inner"):
        app_with(outer, tmp_path, settings)


def test_a_route_added_later_is_refused_and_not_open(app):
    app.add_url_rule("/late", view_func=lambda: "secret")
    answer = app.test_client().get("/late")
    assert answer.status_code == 500 and "secret" not in answer.text


def test_guards_let_in_send_away_or_refuse(client):
    assert client.get("/console/").headers["Location"] == "/account/sign-in"
    assert client.get("/console/", headers={"X-Role": "auditor"}).status_code == 403
    assert client.get("/console/", headers={"X-Role": "liaison"}).text == "console"
    assert client.head("/console/").status_code == 302
    assert client.get("/api/v1/status").headers["WWW-Authenticate"] == "Bearer"
    assert client.get("/api/v1/status", headers={"Authorization": "Bearer good"}).status_code == 200


def test_the_guard_comes_before_the_form_is_looked_at(client):
    assert client.post("/console/", data={"x": "1"}).status_code == 302


def test_options_tells_the_methods_and_runs_no_view(client):
    answer = client.options("/console/")
    assert answer.status_code == 200 and set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_405_keeps_allow(client):
    assert "POST" in client.put("/api/v1/items").headers["Allow"]
    assert "POST" in client.put("/report").headers["Allow"]
