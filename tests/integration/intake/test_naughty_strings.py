"""Every naughty string goes in by API and text and comes back unchanged, at most composed; blank ones stay out."""

import json
import unicodedata
from html import unescape
from pathlib import Path

import pytest

STRINGS = Path(__file__).parents[4] / "shared/data/blns.json"


def strings():
    if not STRINGS.exists():
        pytest.skip("the list of naughty strings is not here")
    return json.loads(STRINGS.read_text())


def test_by_api_and_back(lite):
    for text in strings():
        response = lite.post({"text": text})
        if not text.strip():
            assert response.status_code == 422
            continue
        assert response.status_code == 201, ascii(text)
        [message] = lite.status(response.get_json()["receipt"]).get_json()["messages"]
        assert message["text"] == unicodedata.normalize("NFC", text)


def test_by_text_and_into_the_event(lite):
    kept = []
    for number, text in enumerate(strings()):
        response = lite.text(text, sender=f"+1215555{number:04}")
        assert response.status_code == 200, ascii(text)
        if text.strip():
            kept.append(unicodedata.normalize("NFC", text))
    waiting = [lite.opened(event)["text"] for event in lite.events("feedback.received")]
    assert sorted(text for text in waiting if text.strip()) == sorted(text for text in kept)
    assert {row["outcome"] for row in lite.rows("inbound_texts")} <= {"case", "quarantined", "consent"}


def test_out_on_the_track_page_escaped(lite):
    resident = lite.app.test_client()
    for text in strings()[::7]:
        if not text.strip():
            continue
        receipt = lite.post({"text": text}).get_json()["receipt"]
        page = open_track(resident, receipt)
        shown = page.partition('<p class="said-text" dir="auto">')[2].partition("</p>")[0]
        assert unescape(shown) == unicodedata.normalize("NFC", text), ascii(text)
        assert "<" not in shown


def open_track(client, receipt):
    page = client.get("/track").text
    if 'name="receipt"' not in page:
        form = {"csrf_token": csrf(page), "step": "close"}
        client.post("/track", data=form)
        page = client.get("/track").text
    client.post("/track", data={"csrf_token": csrf(page), "step": "open", "receipt": receipt})
    return client.get("/track").text


def csrf(page):
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]
