"""Places in the console, cells of a file, what forms bring."""

from uuid import UUID

import pytest

from services.routing.domain.refusals import Invalid
from services.routing.domain.sight import Actor
from services.routing.web import words
from services.routing.web.admin.roster import languages
from services.routing.web.console.asked import expected, lines
from services.routing.web.console.case import outcomes, step_label
from services.routing.web.console.place import Place, boxes_of
from services.routing.web.frame import home, sections
from services.routing.web.supervisor.export import harmless
from services.routing.web.supervisor.tables import percent

CASE = UUID("01890000-0000-7000-8000-000000000001")


def actor(role, **more):
    return Actor(id=CASE, login="ash", name="Ash", role=role, **more)


ASH = actor("liaison", team="harbour", organisation="police")


def test_a_place_is_its_address():
    asked = {"box": "team", "category": "noise", "q": " K7 ", "district": "", "cursor": "abc"}
    place = Place.of(asked, ASH)
    assert place.address() == "/console/?category=noise&q=K7&box=team&cursor=abc"
    assert place.front().address(CASE, act="note") == f"/console/cases/{CASE}?category=noise&q=K7&box=team&act=note"
    assert place.narrowed == 1


def test_what_is_asked_beside_it_is_dropped():
    assert Place.of({"box": "mine", "act": "note", "evil": "1"}, ASH).address() == "/console/?box=mine"


def test_everybody_begins_where_something_may_lie():
    assert Place.of({}, ASH).box == "mine"
    assert Place.of({}, actor("auditor")).box == "all"
    assert "team" not in boxes_of(actor("oversight"))


@pytest.mark.parametrize(
    ("role", "way"), [("liaison", "/console/"), ("auditor", "/console/"), ("administrator", "/admin/")]
)
def test_everybody_has_a_home_among_their_sections(role, way):
    assert home(actor(role)) == way == sections(actor(role), "")[0]["href"]


@pytest.mark.parametrize("given", ["", "-1", "1e3", "٣", "9" * 40, "0x1", " 1"])
def test_a_sequence_that_is_none_is_from_before_everything(given):
    assert expected({"sequence": given}) == 0


def test_line_ends_of_browsers_are_ours():
    assert lines({"text": "a\r\nb\nc"}, "text") == "a\nb\nc"
    assert expected({"sequence": "12"}) == 12


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_finds_no_formula(cell):
    assert harmless(cell) == f"'{cell}"


def test_numbers_and_words_stay_in_a_file():
    assert [harmless(each) for each in (-1, 0.5, "Noise", "")] == [-1, 0.5, "Noise", ""]


@pytest.mark.parametrize(("share", "shown"), [(None, "–"), (0.999, "99 %"), (1.0, "100 %"), (0, "0 %")])
def test_only_all_of_them_is_a_hundred_percent(share, shown):
    assert percent(share) == shown


def test_languages_are_codes():
    assert languages("en, es  pt-BR en") == ("en", "es", "pt-BR")
    assert languages("") == ()
    with pytest.raises(Invalid):
        languages("en <b>")


def test_findings_are_oversights():
    assert "sustained" in outcomes("oversight")
    assert "sustained" not in outcomes("liaison")


def test_acts_are_named_by_where_they_lead_from():
    assert step_label("closed", "in_progress") == "Open it again"
    assert step_label("assigned", "in_progress") == "Go on with it"
    assert step_label("quarantined", "closed") == "Discard"
    assert step_label("in_review", "closed") == "Close"


def test_codes_nobody_knows_are_shown_as_they_are():
    assert words.channel("pigeon") == "pigeon"
    assert words.language("x") == "x"
    assert words.language("es") == "Spanish"
    assert words.language("zh-Hant") == "Chinese (Traditional)"
    assert words.reached("none") == "They read it with their receipt."
