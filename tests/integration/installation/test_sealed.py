"""Nothing personal lies open: planted words are searched in every database, the event log and every log file."""

import psycopg
import pytest

from tests.installation.journey import says, soon

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.postgres,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("installation"),
]
CANARIES = {
    "story": "canary-narrative-of-the-resident",
    "name": "Canary Quillfeather",
    "phone": "+12155550177",
    "email": "canary.quillfeather@example.org",
    "address": "177 Canary Lane",
    "named": "Officer Canarius",
    "again": "canary-second-message",
    "reply": "canary-reply-of-a-liaison",
    "note": "canary-note-among-staff",
    "sentence": "canary-sentence-at-the-end",
    "text": "canary-words-by-text",
    "texter": "+12155550178",
}


def everything_on_disk(directory):
    """Every file under the folder that the services, the broker and PostgreSQL write."""
    for path in sorted(directory.rglob("*")):
        if path.is_file() and not path.name.startswith("provider."):
            yield path, path.read_bytes()


def flush(journey):
    """PostgreSQL writes what it holds in memory, so that the search sees it."""
    url = journey.installation.database_url("intake").replace("+psycopg", "").rpartition("/")[0]
    place = url.rpartition("@")[2]
    with psycopg.connect(f"postgresql://postgres@{place}/postgres", autocommit=True) as conn:
        conn.execute("CHECKPOINT")


def test_no_planted_word_is_found_anywhere(journey, servers):
    case_id, receipt = journey.tells(
        text=CANARIES["story"],
        category="safety",
        location={"district": "22", "address": CANARIES["address"]},
        contact={"name": CANARIES["name"], "phone": CANARIES["phone"], "email": CANARIES["email"], "by": "sms"},
        named_people=[{"name": CANARIES["named"]}],
    )
    soon(lambda: journey.case(case_id), "the case")
    journey.does(case_id, "acceptance")
    journey.does(case_id, "notes", text=CANARIES["note"])
    journey.does(case_id, "replies", text=CANARIES["reply"])
    soon(lambda: ("us", CANARIES["reply"]) in says(journey.status(receipt)), "the reply at /track")
    journey.writes(receipt, CANARIES["again"])
    soon(lambda: CANARIES["again"] in str(journey.case(case_id)), "the second message")
    journey.does(case_id, "state", state="resolved", outcome="explained", sentence=CANARIES["sentence"])
    soon(lambda: CANARIES["sentence"] in str(says(journey.status(receipt))), "the sentence at /track")
    soon(lambda: len(journey.provider.texts_to(CANARIES["phone"])) == 3, "the three texts")
    journey.texts("SM" + "7" * 32, CANARIES["texter"], CANARIES["text"])
    soon(lambda: len(journey.provider.texts_to(CANARIES["texter"])) == 1, "the acknowledgement")
    flush(journey)

    directory, _, _ = servers
    files = list(everything_on_disk(directory))
    names = {path.name for path, _ in files}
    assert {"intake-web.log", "routing-worker.log", "notifications-worker.log"} <= names
    searched = b"".join(content for _, content in files)
    # The search itself works: what is not personal is found in databases and on the bus.
    assert case_id.encode() in searched
    assert b"org.commonground.reply.written.v1" in searched
    found = {
        f"{what} in {path.relative_to(directory)}"
        for path, content in files
        for what, word in CANARIES.items()
        if word.encode() in content or word.removeprefix("+").encode() in content
    }
    assert not found
    assert receipt["Authorization"].removeprefix("Bearer ").encode() not in searched
    assert receipt["Authorization"].removeprefix("Bearer ").replace("-", "").encode() not in searched
