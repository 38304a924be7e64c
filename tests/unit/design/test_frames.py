"""What every page carries: the way out of danger, the language, one heading's place, nothing from elsewhere."""

import re

LANGUAGES = [
    {"code": "en", "name": "English", "dir": "ltr", "href": "?language=en"},
    {"code": "ar", "name": "العربية", "dir": "rtl", "href": "?language=ar"},
]
RESIDENT = "{% extends 'design/resident.html' %}{% block content %}<h1>Tell us</h1>{% endblock %}"
STAFF = "{% extends 'design/staff.html' %}{% block content %}<h1>Load</h1>{% endblock %}"
CONSOLE = "{% extends 'design/console.html' %}"


def test_a_resident_can_call_and_can_leave(page):
    html = page(RESIDENT)
    assert '<a href="tel:911">Call or text 911</a>' in html
    assert re.search(r'<a class="leave" href="https://[^"]+" rel="noreferrer" data-leave>', html)
    assert html.index("Call or text 911") < html.index("<h1>")


def test_the_page_may_say_where_help_and_the_way_out_are(page):
    html = page(RESIDENT, emergency_url="/emergency", leave_url="https://weather.example/")
    assert '<a href="/emergency">Call or text 911</a>' in html
    assert 'href="https://weather.example/"' in html


def test_the_document_speaks_its_language(page):
    assert '<html lang="ar" dir="rtl" class="resident">' in page(RESIDENT, locale="ar", dir="rtl")
    assert '<html lang="zh-Hant"' in page(RESIDENT, locale="zh_Hant")


def test_languages_are_named_in_themselves(page):
    html = page(RESIDENT, languages=LANGUAGES)
    assert '<a href="?language=ar" hreflang="ar" lang="ar" dir="rtl">العربية</a>' in html
    assert 'lang="en" dir="ltr" aria-current="true">English</a>' in html


def test_staff_see_where_they_are_and_when_it_was_true(page):
    html = page(
        STAFF,
        sections=[
            {"href": "/console/", "label": "Inbox", "count": 3},
            {"href": "/load", "label": "Load", "current": True},
        ],
        me={"name": "Ruan Demo"},
        true_for="14:32",
    )
    assert '<a href="/load" aria-current="page"><span>Load</span></a>' in html
    assert "true for 14:32" in html
    assert "<bdi>Ruan Demo</bdi>" in html


def test_the_console_says_when_nothing_is_open(page):
    html = page(CONSOLE)
    assert "Nothing is open." in html
    assert '<html lang="en" dir="ltr" class="staff console">' in html
    assert 'id="facts"' not in html


def test_an_open_case_takes_the_narrow_window(page):
    html = page(CONSOLE + "{% set case_open = True %}{% block case %}<h1>A case</h1>{% endblock %}")
    assert 'class="staff console case-open"' in html
    assert 'id="facts"' in html
    assert html.count("<h1") == 1


def test_each_frame_offers_the_way_past_the_bar(page):
    for source in (RESIDENT, STAFF, CONSOLE):
        html = page(source)
        assert '<a class="skip" href="#content">' in html
        assert html.count('id="content"') == 1


def test_everything_loaded_is_our_own(page):
    for source in (RESIDENT, STAFF, CONSOLE):
        loaded = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]+)"', page(source))
        assert loaded
        assert all(address.startswith("/static/design/") for address in loaded)
