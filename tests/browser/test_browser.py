"""The checks of the browser find what they are for."""

import pytest

from tests.browser.accessibility import assert_accessible
from tests.browser.pages import PHONE, Pages

pytestmark = pytest.mark.browser

GOOD = """<!doctype html><html lang="en"><title>A page</title><main><h1>Tell us</h1>
<form><label for="text">What happened?</label>
<input id="text" style="box-sizing: border-box; height: 40px"></form></main>"""


def test_a_sound_page_passes(pages, viewport):
    page = pages.open(viewport=viewport)
    page.set_content(GOOD)
    assert_accessible(page)


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        ("document.querySelector('label').remove()", "label"),
        ("document.documentElement.lang = ''", "html-has-lang"),
        ("document.querySelector('h1').style.color = '#bbb'", "color-contrast"),
        ("document.querySelector('input').style.height = '20px'", "20 px high"),
        ("document.querySelector('h1').style.width = '700px'", "sideways"),
    ],
)
def test_what_is_wrong_is_named(pages, harm, complaint):
    page = pages.open(viewport=PHONE)
    page.set_content(GOOD)
    page.evaluate(harm)
    with pytest.raises(AssertionError, match=complaint):
        assert_accessible(page)


def test_a_complaint_of_the_console_fails_the_test(browser):
    pages = Pages(browser)
    page = pages.open()
    page.set_content('<meta http-equiv="Content-Security-Policy" content="script-src \'none\'"><script>1</script>')
    with pytest.raises(AssertionError, match="Content Security Policy"):
        pages.close()
