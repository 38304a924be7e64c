"""Following up in a browser: the receipt is typed into a form, and stays on the device only for a while."""

import pytest

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


def test_guesses_are_counted(databases, tmp_path):
    from tests.integration.intake.front_door import FrontDoor, prepare

    door = FrontDoor.open(databases.prepared("intake", prepare), tmp_path, limit_track="3/hour")
    visitor = Visitor(door.app.test_client())
    assert [opened(visitor, "0" * 16).status for _ in range(4)] == [404, 404, 404, 429]
    door.close()
