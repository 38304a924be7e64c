"""Addresses beyond ASCII: they arrive where the server can, and where it cannot they harm nobody else."""

from email import message_from_bytes, policy

import pytest

from services.notifications.domain.outcome import NotTaken
from services.notifications.models import breakers
from services.notifications.sender.mail_folder import MailFolder
from services.notifications.sender.port import Unwritable
from services.notifications.sender.smtp import Smtp
from tests.integration.notifications.post import post_office
from tests.integration.notifications.stage import Resident
from tests.integration.notifications.test_mail import CUT, SENDER, call, mail, server


def send(office, to, **words):
    return Smtp(office.url, SENDER).send(mail(to=to, **words), call())


def header(envelope, name):
    return message_from_bytes(envelope.content, policy=policy.SMTPUTF8)[name]


@pytest.mark.parametrize("international", [True, False], ids=["with SMTPUTF8", "without"])
@pytest.mark.parametrize(
    ("to", "ascii_to"), [("a@bücher.de", "a@xn--bcher-kva.de"), ("b@straße.de", "b@xn--strae-oqa.de")]
)
def test_a_domain_travels_in_ascii_to_any_server(international, to, ascii_to):
    with post_office(international=international) as office:
        send(office, to)
    (envelope,) = office.taken
    assert envelope.rcpt_tos == [ascii_to]
    assert header(envelope, "To") == ascii_to
    assert envelope.content.isascii()


def test_a_name_beyond_ascii_is_reached_where_the_server_takes_it():
    with post_office(international=True) as office:
        send(office, "josé@bücher.de")
    (envelope,) = office.taken
    assert envelope.rcpt_tos == ["josé@xn--bcher-kva.de"]
    assert envelope.smtp_utf8
    assert header(envelope, "To") == "josé@xn--bcher-kva.de"


def test_a_name_beyond_ascii_is_a_definite_no_where_it_does_not():
    with post_office(international=False) as office:
        outcome = send(office, "josé@example.com")
    assert isinstance(outcome, NotTaken)
    assert (outcome.failure.name, outcome.failure.retry, outcome.failure.ours) == (
        "address_not_supported", False, False,
    )  # fmt: skip
    assert office.taken == []


def test_strangers_with_strange_addresses_do_not_stop_the_mail_of_others(stage):
    for number in range(6):
        stranger = Resident(by="email", phone=None, email=f"josé{number}@example.com")
        stage.hear(stranger.wrote(), stranger.answered())
    rowan = Resident(by="email", phone=None, email="rowan@example.org")
    stage.hear(rowan.wrote(), rowan.answered())
    with post_office(international=False) as office:
        stage.sender(email=Smtp(office.url, SENDER)).drain()
    assert [envelope.rcpt_tos for envelope in office.taken] == [["rowan@example.org"]]
    assert stage.states == ["rejected"] * 6 + ["accepted"]
    assert stage.announced == ["failed"] * 6 + ["accepted"]


def test_a_server_that_hangs_up_on_an_address_is_not_left_alone_for_it(stage):
    for number in range(6):
        resident = Resident(by="email", phone=None, email=f"r{number}@example.org")
        stage.hear(resident.wrote(), resident.answered())
        with server(rcpt=CUT) as (url, _):
            stage.sender(email=Smtp(url, SENDER)).drain()
    assert stage.rows(breakers)[0].opened_at is None
    assert {row.failure for row in stage.rows()} == {"refused_for_now"}


@pytest.mark.parametrize("outgoing", [mail(to="nobody"), mail(text="\ud800")], ids=["no address", "no text"])
def test_a_mail_that_cannot_be_written_is_never_begun(outgoing, tmp_path):
    with post_office(international=True) as office, pytest.raises(Unwritable):
        Smtp(office.url, SENDER).send(outgoing, call())
    with pytest.raises(Unwritable):
        MailFolder(tmp_path, SENDER).send(outgoing, call())
    assert office.taken == []


def test_a_mail_that_cannot_be_written_is_refused_and_says_nothing_of_the_provider(stage):
    for number in range(6):
        resident = Resident(by="email", phone=None, email=f"no address {number}")
        stage.hear(resident.wrote(), resident.answered())
    stage.sender(email=Smtp("smtp://127.0.0.1:1", SENDER)).drain()
    assert {(row.state, row.failure) for row in stage.rows()} == {("rejected", "unsendable")}
    assert stage.rows(breakers) == []


def test_eight_bits_go_to_no_server_that_did_not_offer_them():
    with server() as (url, received):
        Smtp(url, SENDER).send(mail(text="Ñandú", subject="Año"), call())
    assert received[0].isascii()


def test_a_sender_beyond_ascii_is_written_in_ascii():
    with post_office(international=False) as office:
        Smtp(office.url, "Stadt <hallo@bücher.de>").send(mail(), call())
    assert office.taken[0].mail_from == "hallo@xn--bcher-kva.de"
    assert header(office.taken[0], "From") == "Stadt <hallo@xn--bcher-kva.de>"
