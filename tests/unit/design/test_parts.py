"""What the parts promise: words beside every colour, names for every control, safety of what people wrote."""

import re
from datetime import UTC, datetime

import pytest

HOSTILE = '"><script>alert(1)</script>'
STATES = {
    "new": "New",
    "assigned": "Assigned",
    "in_progress": "In progress",
    "waiting_on_resident": "Waiting on resident",
    "in_mediation": "In mediation",
    "quarantined": "Being checked",
    "in_review": "In review",
    "referred": "Referred",
    "resolved": "Answered",
    "closed": "Closed",
}
PUBLIC = ["received", "with_a_person", "asked_you", "answered", "closed", "referred"]
KINDS = ["overdue", "new", "due", "waiting", "answered", "mediation", "plain"]


def ids(html):
    return re.findall(r'\sid="([^"]+)"', html)


@pytest.mark.parametrize("kind", KINDS)
def test_a_badge_has_a_shape_and_words(part, kind):
    html = part("case", f"badge('{kind}', 'Due today 16:00')")
    assert "Due today 16:00" in html
    assert re.search(r"<svg[^>]*aria-hidden[^>]*><(path|circle|rect)", html)


def test_shapes_differ_where_meaning_differs(part):
    drawn = {
        re.search(r"<svg.*?</svg>", part("case", f"badge('{kind}', 'x')"))[0] for kind in KINDS if kind != "due"
    }
    assert len(drawn) == len(KINDS) - 1


@pytest.mark.parametrize(("state", "words"), STATES.items())
def test_every_internal_state_is_said(part, state, words):
    assert words in part("case", f"state_badge('{state}')")


@pytest.mark.parametrize("state", PUBLIC)
def test_residents_never_read_a_code(part, state):
    assert f"<bdi>{state}</bdi>" not in part("case", f"public_badge('{state}')")


@pytest.mark.parametrize(
    "call",
    [
        "field('phone', 'Phone', hint='A hint', error='Too short')",
        "textarea('phone', 'Phone', hint='A hint', error='Too short')",
        "select('phone', 'Phone', [{'value': 'a', 'label': 'A'}], hint='A hint', error='Too short')",
        "upload('phone', 'Phone', hint='A hint', error='Too short')",
    ],
)
def test_a_control_is_named_and_described(part, call):
    html = part("forms", call)
    assert '<label class="label" for="phone">Phone' in html
    assert 'aria-describedby="phone-hint phone-error"' in html
    assert 'aria-invalid="true"' in html
    assert {"phone", "phone-hint", "phone-error"} <= set(ids(html))


def test_the_error_summary_leads_to_the_control(part):
    html = part("forms", "error_summary([{'field': 'phone', 'message': 'Too short'}])")
    assert '<a href="#phone">Too short</a>' in html
    assert 'tabindex="-1" autofocus' in html


def test_no_errors_no_summary(part):
    assert not part("forms", "error_summary([])").strip()


def test_the_error_summary_leads_to_the_first_choice(part):
    html = part("forms", "choices('who', 'Who?', [{'value': 'me', 'label': 'Me'}, {'value': 'no', 'label': 'No'}])")
    assert ids(html) == ["who", "who-2"]


def test_a_choice_says_what_it_costs(part):
    html = part(
        "forms", "choices('who', 'Who?', [{'value': 'no', 'label': 'No', 'text': 'We cannot write.'}], value='no')"
    )
    assert '<input type="radio" id="who" name="who" value="no" checked aria-describedby="who-text">' in html
    assert '<p id="who-text">We cannot write.</p>' in html


def test_many_choices_keep_what_was_chosen(part):
    html = part(
        "forms",
        "choices('t', 'T', both, value=['b'], multiple=True)",
        both=[{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
    )
    assert re.findall(r'value="(\w)" checked', html) == ["b"]


def test_a_question_is_the_heading_of_its_page(part):
    assert '<h1 class="question"><label for="text">What happened?</label></h1>' in part(
        "forms", "textarea('text', 'What happened?', heading=True)"
    )
    assert '<legend><h1 class="question">Who?</h1></legend>' in part(
        "forms", "choices('w', 'Who?', [], heading=True)"
    )


@pytest.mark.parametrize(
    ("room", "call"),
    [
        ("forms", "field('n', written, value=written, hint=written, error=written)"),
        ("forms", "textarea('n', written, value=written)"),
        ("forms", "select('n', written, [{'value': written, 'label': written}])"),
        ("forms", "choices('n', written, [{'value': written, 'label': written, 'text': written}])"),
        ("case", "bubble('resident', written, written, written, [written], translation=written, failed=written)"),
        ("case", "case_card(written, written, written, '', [written], select='case', value=written)"),
        ("case", "case_head(written, line=[written])"),
        ("case", "facts(written, [{'label': written, 'value': written}])"),
        ("case", "badge('new', written, written)"),
        ("page", "moment(written, written, written)"),
        ("page", "notice('info', written, written)"),
        ("page", "review([{'question': written, 'answer': written}])"),
        ("page", "receipt(written)"),
        ("figures", "figure(written, written, written)"),
        ("figures", "data_table(written, [{'label': written}], [[written]])"),
    ],
)
def test_what_people_wrote_stays_words(part, room, call):
    html = part(room, call, written=HOSTILE)
    assert "<script" not in html
    assert '"><' not in re.sub(r'="[^"<>]*"', "", html)


def test_what_people_wrote_keeps_its_own_direction(part):
    html = part("case", "bubble('resident', 'Resident “Heron”', '', 'ضوضاء', lang='ar')")
    assert '<p class="said-text" dir="auto" lang="ar">ضوضاء</p>' in html
    assert "<bdi>Resident “Heron”</bdi>" in html


def test_a_note_says_that_it_is_one(part):
    assert "Note to staff" in part("case", "bubble('note', 'Casa del Río', '', 'Use usted.')")
    assert "Note to staff" not in part("case", "bubble('staff', 'You', '', 'Gracias.')")


def test_a_machine_translation_says_that_it_is_one(part):
    assert "machine, unchecked" in part("case", "bubble('resident', 'R', '', 'Hola', translation='Hello')")


def test_a_receipt_stands_in_groups_of_four(part):
    html = part("page", "receipt('4821093755261140')")
    assert re.findall(r'<span aria-hidden="true">(\d+)</span>', html) == ["4821", "0937", "5526", "1140"]
    assert 'data-copy="4821-0937-5526-1140"' in html
    assert 'dir="ltr"' in html


def test_buttons_that_need_a_script_wait_for_it(part):
    assert re.findall(r"<button[^>]*(hidden)>", part("page", "receipt('1234')")) == ["hidden", "hidden"]


def test_a_moment_keeps_the_exact_time(part):
    at = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
    html = part("page", "moment(at, 'Friday', '20 November 2026, 21:12')", at=at)
    assert html == '<time datetime="2026-11-20T21:12:00+00:00" title="20 November 2026, 21:12">Friday</time>'


@pytest.mark.parametrize(
    ("hours", "reach", "late"), [(0, 0, False), (12, 60, False), (24, 120, False), (30, 150, True), (50, 180, True)]
)
def test_a_bar_reaches_as_far_as_its_figure_and_shows_what_came_late(part, hours, reach, late):
    html = part("figures", f"bar({hours}, 36, promise=24, words='{hours} h, promise 24 h')")
    assert float(re.search(r'barline-fill"[^>]*width="([^"]+)"', html)[1]) == reach
    assert ("barline-late" in html) is late
    assert f'aria-label="{hours} h, promise 24 h"' in html


def test_a_bar_without_a_scale_is_empty_not_broken(part):
    assert 'class="barline-fill" x="0" y="4" width="0"' in part("figures", "bar(0, 0, promise=24)")


def test_small_cells_are_folded_and_say_so(part):
    columns = "[{'label': 'Language'}, {'label': 'Concerns', 'kind': 'number'}, {'label': 'Median'}]"
    html = part(
        "figures",
        f"data_table('By language', {columns}, [{{'cells': ['4 others', 8], 'folded': 'too few to show'}}])",
    )
    assert '<td colspan="1">too few to show</td>' in html
    assert '<th scope="row">4 others</th>' in html


def test_an_empty_table_says_why(part):
    assert '<td colspan="1">No case yet.</td>' in part(
        "figures", "data_table('T', [{'label': 'A'}], [], empty='No case yet.')"
    )


def test_the_pager_is_silent_on_one_page(part):
    assert not part("page", "pager()").strip()
    assert 'rel="next"' in part("page", "pager(next='?after=7')")
