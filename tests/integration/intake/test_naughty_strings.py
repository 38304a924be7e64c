"""Every naughty string goes in by API and text and comes back unchanged, at most composed; blank ones stay out."""

import unicodedata

from tests.integration.intake.visitor import Visitor
from tests.integration.routing.pages.reading import read
from tests.real_data import naughty_strings


def as_kept(text):
    """Composed, as the schema and the webhook make it."""
    return unicodedata.normalize("NFC", text)


def shown(response):
    """The words in the bubbles of a page; whatever is nested badly fails."""
    page = read(response)
    bubbles = page.all("p", class_="said-text")
    for bubble in bubbles:
        assert not bubble.all()
        assert bubble.attrs["dir"] == "auto"
        assert set(bubble.attrs) <= {"class", "dir", "lang"}
    assert all(not script.text and script.attrs["src"].startswith("/static/") for script in page.all("script"))
    return [bubble.text for bubble in bubbles]


def on_a_page(text):
    """As a browser reads it: every way to end a line is one."""
    return as_kept(text).replace("\r\n", "\n").replace("\r", "\n")


def test_by_api_and_back(lite):
    for text in naughty_strings():
        response = lite.post({"text": text})
        if not text.strip():
            assert response.status_code == 422
            continue
        assert response.status_code == 201, ascii(text)
        [message] = lite.status(response.get_json()["receipt"]).get_json()["messages"]
        assert message["text"] == as_kept(text)


def test_by_text_and_into_the_event(lite):
    kept = []
    for number, text in enumerate(naughty_strings()):
        response = lite.text(text, sender=f"+1215555{number:04}")
        assert response.status_code == 200, ascii(text)
        if text.strip():
            kept.append(as_kept(text))
    waiting = [lite.opened(event)["text"] for event in lite.events("feedback.received")]
    assert [text for text in waiting if text.strip()] == kept
    assert {row["outcome"] for row in lite.rows("inbound_texts")} <= {"case", "quarantined"}


def test_in_one_conversation_by_api_and_track_page(lite):
    receipt = lite.tell("All of them")["receipt"]
    kept = []
    for text in naughty_strings():
        written = lite.write(receipt, text)
        assert written.status_code == (201 if text.strip() else 422), ascii(text)
        if text.strip():
            kept.append(text)
    messages = lite.status(receipt).get_json()["messages"]
    assert [message["text"] for message in messages] == ["All of them", *map(as_kept, kept)]
    resident = Visitor(lite.app.test_client()).get("/track").submit("/track", "open", receipt=receipt)
    assert shown(resident.response) == ["All of them", *map(on_a_page, kept)]


def test_typed_into_the_form_they_come_back_to_be_corrected(lite):
    resident = Visitor(lite.app.test_client()).get("/report")
    for text in naughty_strings()[::20]:
        resident.submit("/report", "check", text=text, address=text, named=text, occurred_on="2999-01-01")
        assert resident.status == 422
        [area] = read(resident.response).all("textarea", name="text")
        assert area.text.removeprefix("\n") == on_a_page(text)
