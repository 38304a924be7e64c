"""Residents in a browser without scripts: tell, check, receipt, follow up, write back, leave."""

import re

import pytest

from services.intake import app as web
from tests.integration.intake.visitor import Visitor

ANSWERS = {
    "text": "Cars park on the crossing.\nEvery evening.",
    "category": "traffic",
    "address": "5th and Alder",
    "district": "22",
    "occurred_on": "2026-11-20",
    "reach": "anonymous",
}


@pytest.fixture
def visitor(lite):
    return Visitor(lite.app.test_client())


def told(visitor, **more):
    """Up to the page that shows what was understood."""
    return visitor.get("/report").submit("/report", "check", **{**ANSWERS, **more})


def test_the_first_page_says_what_this_is_and_shows_the_ways_in(visitor):
    page = visitor.get("/").page
    assert 'href="/report"' in page
    assert 'href="/track"' in page
    assert "immigration" in page


def test_before_writing_the_resident_learns_what_it_may_cost(visitor):
    page = visitor.get("/report").page
    form = page.index("<textarea")
    for words in (
        "speak to a lawyer first",
        "Courts can sometimes demand",
        "immigration status",
        "911",
        "around the clock",
    ):
        assert words in page[:form]


def test_a_resident_tells_checks_and_gets_a_receipt(visitor, lite):
    told(visitor)
    assert visitor.status == 200
    for words in ("Every evening.", "Traffic and parking", "5th and Alder", "Friday, November 20, 2026", "English"):
        assert words in visitor.page
    assert lite.counts()["submissions"] == 0
    visitor.submit("/report", "send")
    assert visitor.status == 200
    [row], [event] = lite.rows("submissions"), lite.events()
    assert (row["channel"], row["category"], row["district"], row["anonymous"]) == ("web", "traffic", "22", True)
    assert lite.opened(event)["text"] == ANSWERS["text"]
    assert lite.opened(event)["occurred_at"] == "2026-11-20T00:00:00-05:00"
    assert lite.status(visitor.receipt).status_code == 200


def test_sending_twice_is_one_concern_with_one_receipt(visitor, lite):
    told(visitor)
    fields = visitor.fields
    first = visitor.submit("/report", "send").receipt
    visitor.submit("/report", "send", **fields)
    assert visitor.receipt == first
    assert lite.counts()["submissions"] == 1


def test_going_back_to_change_a_word_is_another_concern_only_when_sent(visitor, lite):
    told(visitor)
    fields = visitor.fields
    visitor.submit("/report", "change")
    assert visitor.fields["text"] == ANSWERS["text"]
    assert visitor.fields["category"] == "traffic"
    assert visitor.fields["reach"] == "anonymous"
    assert visitor.fields["district"] == "22"
    visitor.submit("/report", "check", text="The lamp instead").submit("/report", "send")
    visitor.submit("/report", "send", **fields)
    assert lite.counts()["submissions"] == 2


def test_nothing_that_was_typed_is_lost_when_something_is_wrong(visitor, lite):
    told(visitor, occurred_on="2999-01-01", reach="contact", phone="call me", name="Robin Example")
    assert visitor.status == 422
    assert visitor.fields["text"] == ANSWERS["text"]
    assert visitor.fields["phone"] == "call me"
    assert visitor.fields["name"] == "Robin Example"
    assert 'href="#occurred_on"' in visitor.page
    assert 'href="#phone"' in visitor.page
    assert lite.counts()["submissions"] == 0
    visitor.submit("/report", "check", occurred_on="", phone="(215) 555-0123")
    assert visitor.status == 200
    assert "+12155550123" in visitor.page


@pytest.mark.parametrize(
    ("answers", "control", "words"),
    [
        ({"text": "  "}, "text", "Nothing is written here"),
        ({"reach": ""}, "reach", "Choose whether"),
        ({"reach": "contact"}, "phone", "Write a phone number"),
        ({"reach": "anonymous", "phone": "+12155550123"}, "reach", "You chose to stay unknown"),
        ({"category": "weather"}, "category", "not known"),
        ({"reach": "contact", "email": "robin at home"}, "email", "not an email"),
        ({"address": "x" * 501}, "address", "longer than 500"),
    ],
)
def test_a_mistake_is_named_where_it_is(visitor, answers, control, words):
    told(visitor, **answers)
    assert visitor.status == 422
    assert re.search(rf'<a href="#{control}">[^<]*{words}', visitor.page)
    assert visitor.page.index("error-summary") < visitor.page.index("<h1")


def test_what_is_typed_travels_sealed_and_never_in_an_address(visitor):
    told(visitor)
    draft = visitor.fields["draft"]
    assert "crossing" not in draft
    assert visitor.response.request.query_string == b""
    visitor.submit("/report", "send", draft=draft[:-8] + "AAAAAAAA")
    assert visitor.status == 400


def test_a_draft_ends_after_a_day_and_says_so(visitor, lite):
    told(visitor)
    lite.advance(days=1, minutes=1)
    visitor.submit("/report", "send")
    assert visitor.status == 400
    assert "open too long" in visitor.page
    assert lite.counts()["submissions"] == 0


def test_a_partner_can_be_the_only_way(visitor, lite):
    told(visitor, reach="partner", category="noise")
    assert "A community partner reads this first" in visitor.page
    visitor.submit("/report", "send")
    data = lite.events()[0]["data"]
    assert (data["preferred_partner"], data["contact_by"], data["anonymous"]) == ("partner", "partner", False)


def test_a_partner_s_poster_is_remembered(visitor, lite):
    visitor.get("/report?partner=puente").submit("/report", "check", **ANSWERS)
    assert "Puente de Aliso" in visitor.page
    visitor.submit("/report", "send")
    assert lite.events()[0]["data"]["partner"] == "puente"


@pytest.mark.parametrize("partner", ["nobody", "police", "x" * 5000])
def test_a_poster_of_nobody_we_know_keeps_nobody_out(visitor, lite, partner):
    visitor.get("/report", query_string={"partner": partner})
    assert visitor.fields["partner"] == ""
    visitor.submit("/report", "check", **ANSWERS, partner="nobody").submit("/report", "send")
    assert visitor.receipt
    assert lite.events()[0]["data"]["partner"] is None


def test_whoever_is_named_is_kept_away(visitor, lite):
    told(visitor, named="Officer Vance, badge 77")
    assert "People outside the police read this first" in visitor.page
    visitor.submit("/report", "send")
    assert lite.events()[0]["data"]["names_person"] is True
    assert lite.opened(lite.events()[0])["named_people"] == [{"name": "Officer Vance, badge 77"}]


def test_the_receipt_page_says_what_happens_next_with_a_time_and_saves_the_number(visitor):
    told(visitor).submit("/report", "send")
    digits = visitor.receipt
    assert re.search(r"By (today|tomorrow|\w+day) \d\d:\d\d", visitor.page)
    assert visitor.response.headers["Clear-Site-Data"] == '"cache"'
    visitor.submit("/report", "save")
    assert visitor.response.headers["Content-Disposition"].startswith("attachment")
    assert digits in visitor.page.replace("-", "")


def test_a_forged_form_is_refused(lite):
    stranger = lite.app.test_client()
    response = stranger.post("/report", data={**ANSWERS, "step": "check"})
    assert response.status_code == 400
    assert stranger.post("/track", data={"step": "open", "receipt": "1" * 16}).status_code == 400
    assert lite.counts()["submissions"] == 0


def test_an_absent_database_loses_nothing_that_was_typed(visitor, lite, monkeypatch):
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    told(visitor)
    acceptance = lite.app.extensions[web.EXTENSION].acceptance

    def away(*_):
        raise PoolTimeout("no connection")

    kept = acceptance._commit
    monkeypatch.setattr(acceptance, "_commit", away)
    visitor.submit("/report", "send")
    assert visitor.status == 503
    assert int(visitor.response.headers["Retry-After"]) > 0
    assert "Every evening." in visitor.page
    monkeypatch.setattr(acceptance, "_commit", kept)
    visitor.submit("/report", "send")
    assert visitor.receipt
    assert lite.counts()["submissions"] == 1


def test_an_unknown_step_is_refused(visitor):
    assert told(visitor).submit("/report", "dance").status == 400
