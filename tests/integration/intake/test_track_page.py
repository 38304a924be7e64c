"""Following up in a browser: the receipt is typed into a form, and stays on the device only for a while."""

import pytest

from tests.integration.intake.front_door import FrontDoor, prepare
from tests.integration.intake.test_following_up import reply, state_changed
from tests.integration.intake.visitor import Visitor


@pytest.fixture
def visitor(lite):
    return Visitor(lite.app.test_client())


def opened(visitor, receipt):
    return visitor.get("/track").submit("/track", "open", receipt=receipt)


def test_the_receipt_opens_the_conversation_and_stands_in_no_address(visitor, lite):
    answer = lite.tell("The <b>lamp</b> is dark", category="noise")
    opened(visitor, answer["receipt"])
    assert visitor.status == 200
    assert "The &lt;b&gt;lamp&lt;/b&gt; is dark" in visitor.page
    assert "A person answers by" in visitor.page
    assert visitor.response.request.path == "/track"
    assert visitor.response.request.query_string == b""
    cookie = visitor.client.get_cookie("cg_resident")
    assert answer["receipt"].replace("-", "") not in cookie.value
    assert cookie.http_only


@pytest.mark.parametrize("receipt", ["0000-0000-0000-0000", "nonsense", ""])
def test_a_wrong_receipt_says_what_to_do(visitor, receipt):
    opened(visitor, receipt)
    assert visitor.status == 404
    assert "Check its sixteen digits" in visitor.page
    assert visitor.fields["receipt"] == receipt


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("with_a_person", "A person has this. They answer by"),
        ("asked_you", "We asked you something."),
        ("answered", "If that does not settle it, write back"),
        ("closed", "If you write back, it is opened again."),
        ("referred", "We passed this on"),
    ],
)
def test_the_state_is_a_sentence(visitor, lite, state, words):
    answer = lite.tell()
    lite.open_case(answer["id"])
    state_changed(lite, answer["id"], state)
    assert words in opened(visitor, answer["receipt"]).page


def test_a_missed_promise_is_said_as_missed(visitor, lite):
    answer = lite.tell()
    lite.open_case(answer["id"], first_response_due_at=lite.now().isoformat())
    lite.advance(minutes=5)
    assert "are late" in opened(visitor, answer["receipt"]).page


def test_our_answer_and_theirs_stand_in_order(visitor, lite):
    answer = lite.tell("The lamp is dark")
    lite.open_case(answer["id"])
    reply(lite, answer["id"], "Which corner?")
    opened(visitor, answer["receipt"]).submit("/track", "write", text="5th street\nby the school")
    page = visitor.page
    assert page.index("The lamp is dark") < page.index("Which corner?") < page.index("by the school")
    assert "A person is working on this" in page
    assert lite.opened(lite.events("message.received")[0])["text"] == "5th street\nby the school"


def test_writing_twice_with_one_form_is_one_message(visitor, lite):
    opened(visitor, lite.tell()["receipt"])
    fields = visitor.fields
    visitor.submit("/track", "write", text="Still dark")
    visitor.submit("/track", "write", **{**fields, "text": "Still dark"})
    assert len(lite.rows("messages")) == len(lite.events("message.received")) == 1


def test_other_words_from_the_same_form_are_another_message(visitor, lite):
    opened(visitor, lite.tell()["receipt"])
    fields = visitor.fields
    visitor.submit("/track", "write", text="Still dark")
    visitor.submit("/track", "write", **{**fields, "text": "Still dark, and the next one too"})
    said = [lite.opened(event)["text"] for event in lite.events("message.received")]
    assert said == ["Still dark", "Still dark, and the next one too"]
    assert len(lite.rows("messages")) == 2


def test_a_form_without_its_mark_still_brings_its_words(visitor, lite):
    opened(visitor, lite.tell()["receipt"]).submit("/track", "write", text="Still dark", token="strange")
    assert visitor.status == 200
    assert len(lite.rows("messages")) == 1


def test_words_of_one_tab_never_land_in_the_case_of_another(visitor, lite):
    maria, jose = lite.tell("Maria's lamp"), lite.tell("José's music")
    second_tab = visitor.get("/track").fields
    first_tab = opened(visitor, maria["receipt"]).fields
    visitor.submit("/track", "open", **{**second_tab, "receipt": jose["receipt"]})
    assert "José&#39;s music" in visitor.page
    visitor.submit("/track", "write", **{**first_tab, "text": "It is <still> dark\nby the school"})
    assert visitor.status == 409
    assert "You opened another concern meanwhile. Nothing was sent." in visitor.page
    assert lite.rows("messages") == []
    assert visitor.fields["text"] == "It is <still> dark\nby the school"
    visitor.submit("/track", "open", receipt=maria["receipt"])
    assert (visitor.status, visitor.fields["text"]) == (200, "It is <still> dark\nby the school")
    assert "Maria&#39;s lamp" in visitor.page
    visitor.submit("/track", "write")
    [event] = lite.events("message.received")
    assert event["subject"] == maria["id"]


def test_two_tabs_of_one_concern_may_both_write(visitor, lite):
    receipt = lite.tell()["receipt"]
    first_tab = opened(visitor, receipt).fields
    visitor.get("/track").submit("/track", "write", text="From the second")
    visitor.submit("/track", "write", **{**first_tab, "text": "From the first"})
    assert len(lite.events("message.received")) == 2


@pytest.mark.parametrize("how", ["too late", "forged", "closed"])
def test_words_survive_a_page_that_can_no_longer_send_them(visitor, lite, how):
    receipt = lite.tell("The lamp is dark")["receipt"]
    fields = opened(visitor, receipt).fields
    if how == "too late":
        lite.advance(minutes=31)
    elif how == "forged":
        fields["conversation"] = fields["conversation"][:-8] + "AAAAAAAA"
    else:
        visitor.submit("/track", "close")
        fields["csrf_token"] = visitor.get("/track").fields["csrf_token"]
    visitor.submit("/track", "write", **{**fields, "text": "Still dark"})
    assert visitor.status == 409
    assert "Type your receipt again" in visitor.page
    assert "The lamp is dark" not in visitor.page
    assert visitor.fields["text"] == "Still dark"
    visitor.submit("/track", "open", receipt="1")
    assert (visitor.status, visitor.fields["text"]) == (404, "Still dark")
    visitor.submit("/track", "open", receipt=receipt).submit("/track", "write")
    assert lite.opened(lite.events("message.received")[0])["text"] == "Still dark"


def test_the_receipt_in_the_form_is_sealed(visitor, lite):
    receipt = lite.tell()["receipt"]
    opened(visitor, receipt)
    assert receipt not in visitor.page
    assert receipt.replace("-", "") not in visitor.page


def test_an_empty_message_is_not_sent_and_the_conversation_stays(visitor, lite):
    opened(visitor, lite.tell("The lamp is dark")["receipt"]).submit("/track", "write", text=" ")
    assert visitor.status == 422
    assert "The lamp is dark" in visitor.page
    assert 'href="#text"' in visitor.page


def test_the_door_closes_by_itself_after_half_an_hour(visitor, lite):
    opened(visitor, lite.tell("The lamp is dark")["receipt"])
    lite.advance(minutes=20)
    assert "The lamp is dark" in visitor.get("/track").page
    lite.advance(minutes=20)
    assert "The lamp is dark" in visitor.get("/track").page
    lite.advance(minutes=31)
    assert "The lamp is dark" not in visitor.get("/track").page


@pytest.mark.parametrize("how", ["leave", "close"])
def test_leaving_forgets_the_receipt_on_this_device(visitor, lite, how):
    opened(visitor, lite.tell("The lamp is dark")["receipt"])
    if how == "leave":
        response = visitor.client.get("/track/leave")
        assert response.status_code == 303
        assert visitor.get("/track").response.headers["Cache-Control"] == "no-store"
        assert not response.location.startswith("/")
    else:
        visitor.submit("/track", "close")
    assert "The lamp is dark" not in visitor.get("/track").page


@pytest.fixture
def strict(databases, tmp_path):
    """A door that allows three guesses an hour."""
    door = FrontDoor.open(databases.prepared("intake", prepare), tmp_path, limit_track="3/hour")
    yield door
    door.close()


def test_guesses_are_counted(strict):
    visitor = Visitor(strict.app.test_client())
    assert [opened(visitor, "0" * 16).status for _ in range(4)] == [404, 404, 404, 429]


@pytest.mark.parametrize(
    ("step", "status"), [({}, 404), ({"step": ""}, 400), ({"step": "dance"}, 400), ({"step": "write"}, 409)]
)
def test_a_guess_is_counted_whatever_its_step_is_called(strict, step, status):
    visitor = Visitor(strict.app.test_client()).get("/track")
    guess = {"csrf_token": visitor.fields["csrf_token"], "receipt": "0" * 16, **step}
    assert [visitor.client.post("/track", data=guess).status_code for _ in range(4)] == [status] * 3 + [429]


def test_closing_is_never_refused(strict):
    visitor = Visitor(strict.app.test_client())
    for _ in range(4):
        opened(visitor, "0" * 16)
    guess = {"csrf_token": visitor.get("/track").fields["csrf_token"], "step": "close"}
    assert visitor.client.post("/track", data=guess).status_code == 303
