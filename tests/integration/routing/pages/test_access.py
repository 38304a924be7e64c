"""Who may open which page: every route of the staff pages, for every role and for strangers."""

import pytest

from services.routing.domain.roles import ROLES
from services.routing.web.frame import sections
from shared.web.access import EXTENSION as RULES

READING = {"liaison", "partner", "supervisor", "oversight", "auditor"}
ACTING = READING - {"auditor"}
SUPERVISING = {"supervisor", "oversight", "auditor"}
MANAGING = {"administrator"}
READING_RULES = {"administrator", "partner", "oversight", "auditor"}
WRITING_RULES = READING_RULES - {"auditor"}
GUARDING = {"oversight", "auditor"}

ROUTES = {
    ("GET", "console.boxes"): READING,
    ("GET", "console.case"): READING,
    ("POST", "console.do"): ACTING,
    ("GET", "console.what_is_new"): READING,
    ("GET", "guarding.wall"): GUARDING,
    ("POST", "guarding.decide"): {"oversight"},
    ("GET", "guarding.chart"): GUARDING,
    ("POST", "guarding.settle"): {"oversight"},
    ("GET", "supervisor.times"): SUPERVISING,
    ("GET", "supervisor.export"): SUPERVISING,
    ("GET", "supervisor.load"): SUPERVISING,
    ("GET", "supervisor.breach"): SUPERVISING,
    ("GET", "supervisor.cases"): SUPERVISING,
    ("GET", "admin.people"): MANAGING,
    ("GET", "admin.form"): MANAGING,
    ("POST", "admin.add"): MANAGING,
    ("GET", "admin.person"): MANAGING,
    ("POST", "admin.link"): MANAGING,
    ("POST", "admin.disable"): MANAGING,
    ("POST", "admin.enable"): MANAGING,
    ("POST", "admin.work"): MANAGING,
    ("POST", "admin.propose"): MANAGING,
    ("POST", "admin.call"): MANAGING,
    ("GET", "admin.places"): MANAGING,
    ("GET", "rules.overview"): READING_RULES,
    ("GET", "rules.published"): READING_RULES,
    ("GET", "rules.draft"): READING_RULES,
    ("GET", "rules.new"): WRITING_RULES,
    ("POST", "rules.begin"): WRITING_RULES,
    ("POST", "rules.save"): WRITING_RULES,
    ("POST", "rules.propose"): WRITING_RULES,
    ("POST", "rules.discard"): WRITING_RULES,
    ("POST", "rules.approve"): {"partner", "oversight"},
    ("POST", "rules.rehearse"): {"oversight", "auditor"},
}
ADDRESSES = {
    "console.boxes": "/console/",
    "console.case": "/console/cases/{case}",
    "console.do": "/console/cases/{case}/note",
    "console.what_is_new": "/console/news",
    "guarding.wall": "/console/cases/{case}/walls",
    "guarding.decide": "/console/cases/{case}/walls/lift",
    "guarding.chart": "/console/chart",
    "guarding.settle": "/console/chart/{case}/sign",
    "supervisor.times": "/supervisor/",
    "supervisor.export": "/supervisor/response-times.csv?by=language",
    "supervisor.load": "/supervisor/load",
    "supervisor.breach": "/supervisor/breach",
    "supervisor.cases": "/supervisor/cases",
    "admin.people": "/admin/",
    "admin.form": "/admin/people/new",
    "admin.add": "/admin/people",
    "admin.person": "/admin/people/ash",
    "admin.link": "/admin/people/ash/invite",
    "admin.disable": "/admin/people/ash/disable",
    "admin.enable": "/admin/people/ash/enable",
    "admin.work": "/admin/people/ash/work",
    "admin.propose": "/admin/people/ash/post",
    "admin.call": "/admin/people/ash/aliases",
    "admin.places": "/admin/places",
    "rules.overview": "/admin/rules/",
    "rules.published": "/admin/rules/versions/0",
    "rules.draft": "/admin/rules/drafts/{case}",
    "rules.new": "/admin/rules/drafts/new",
    "rules.begin": "/admin/rules/drafts",
    "rules.save": "/admin/rules/drafts/{case}/save",
    "rules.propose": "/admin/rules/drafts/{case}/propose",
    "rules.discard": "/admin/rules/drafts/{case}/discard",
    "rules.approve": "/admin/rules/drafts/{case}/approve",
    "rules.rehearse": "/admin/rules/drafts/{case}/rehearse",
}
OF_ROLE = {
    "liaison": "ash", "partner": "willow", "supervisor": "sage", "administrator": "admin",
    "oversight": "laurel", "auditor": "audit",
}  # fmt: skip


def test_the_table_names_every_route(app):
    ours = {
        (method, endpoint)
        for endpoint, method in app.extensions[RULES]
        if endpoint.partition(".")[0] in ("console", "guarding", "supervisor", "admin", "rules")
    }
    assert ours == set(ROUTES)
    assert {endpoint for _, endpoint in ours} == set(ADDRESSES)


@pytest.fixture
def case_id(lite, staff):
    return lite.told()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_pages_and_no_other(browser, staff, case_id, role):
    for (method, endpoint), roles in ROUTES.items():
        visitor = browser(staff[OF_ROLE[role]])
        data = {"csrf_token": visitor.token()} if method == "POST" else None
        address = ADDRESSES[endpoint].format(case=case_id)
        answer = visitor.http.open(address, method=method, data=data)
        if role in roles:
            assert answer.status_code != 403, (method, address, role)
            assert answer.status_code < 500
        else:
            assert answer.status_code == 403, (method, address, role)


def test_strangers_are_sent_to_the_sign_in(browser, case_id):
    for method, endpoint in ROUTES:
        address = ADDRESSES[endpoint].format(case=case_id)
        answer = browser().http.open(address, method=method)
        assert answer.status_code == 303, (method, address)
        assert answer.headers["Location"].startswith("/account/sign-in")


def test_nothing_is_done_without_the_forms_token(browser, staff, lite, case_id):
    before = lite.case(case_id)["sequence"]
    for method, endpoint in ROUTES:
        if method == "POST":
            room = endpoint.partition(".")[0]
            who = staff[{"admin": "admin", "guarding": "laurel", "rules": "laurel"}.get(room, "ash")]
            browser(who).post(
                ADDRESSES[endpoint].format(case=case_id), status=400, token=False, text="x", login="x"
            )
    assert lite.case(case_id)["sequence"] == before
    assert lite.actor(staff["ash"].id)


@pytest.mark.parametrize("role", ROLES)
def test_the_bar_leads_only_where_the_role_may_go(app, browser, staff, role):
    visitor = browser(staff[OF_ROLE[role]])
    with app.test_request_context():
        ways = sections(staff[OF_ROLE[role]], "")
    assert ways
    for way in ways:
        visitor.get(way["href"])


def test_a_case_out_of_sight_is_the_same_as_none(browser, staff, lite):
    hidden = lite.told("force", "1")  # oversight's
    absent = "01890000-0000-7000-8000-000000000000"
    liaison = browser(staff["ash"])
    pages = [liaison.get(f"/console/cases/{case}", status=404).one("main").words for case in (hidden, absent)]
    without_number = [page.partition("name the number")[0] for page in pages]
    assert without_number[0] == without_number[1]
    for case in (hidden, absent):
        liaison.post(f"/console/cases/{case}/reply", status=404, sequence="1", text="Hello")
    assert lite.names(hidden) == ["case.opened"]
