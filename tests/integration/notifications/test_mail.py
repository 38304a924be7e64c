"""Mail: until the final dot nothing was handed over, after it nobody may know."""

import socket
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from email import message_from_bytes, policy
from threading import Thread

import pytest

from services.notifications.domain.outcome import Accepted, NotTaken, Unknown
from services.notifications.sender.mail_folder import MailFolder
from services.notifications.sender.port import CallTime, Outgoing, TooLate
from services.notifications.sender.smtp import Smtp
from shared.ids import new_id
from tests.integration.notifications.stage import Resident

SENDER = "Port Alder <listen@port-alder.example>"
GREETING, HELLO = b"220 mail.test\r\n", b"250 mail.test\r\n"
CUT, SILENT = b"cut", b"silent"


def mail(text="Line one\n.dotted\n\nÑandú 👋", subject="An answer from Port Alder", to="rowan@example.org"):
    return Outgoing(attempt_id=new_id(), message_id=new_id(), to=to, text=text, subject=subject)


@contextmanager
def server(**answers):
    """A mail server that answers each verb as told: bytes, CUT (closes) or SILENT (says nothing)."""
    said = {"greeting": GREETING, "ehlo": HELLO, "mail": b"250 ok\r\n", "rcpt": b"250 ok\r\n",
            "data": b"354 go on\r\n", "dot": b"250 taken as 77\r\n", "auth": b"535 no\r\n", **answers}  # fmt: skip
    received = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        thread = Thread(target=_serve, args=(listener, said, received), daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}", received
        thread.join(5)  # before the listener closes under it


def _serve(listener, said, received):
    connection, _ = listener.accept()
    with suppress(ConnectionError), connection, connection.makefile("rwb") as stream:
        verb, content = "greeting", []
        while True:
            answer = said[verb]
            time.sleep(said.get("pause", 0))
            if answer in (CUT, SILENT):
                if answer == SILENT:
                    stream.read()
                return
            stream.write(answer)
            stream.flush()
            if verb == "data" and answer.startswith(b"354"):
                if said.get("content") == CUT:
                    return
                while (line := stream.readline()) not in (b".\r\n", b""):
                    content.append(line)
                received.append(b"".join(content))
                verb = "dot"
                continue
            line = stream.readline()
            if not line or line.upper().startswith(b"QUIT"):
                return
            verb = line.split(None, 1)[0].decode().lower().strip()


def call():
    quick = CallTime.starting()
    return replace(quick, end_by=quick.begin_by - 4.4)


def test_a_mail_is_taken_whole():
    with server() as (url, received):
        assert Smtp(url, SENDER).send(mail(), call()) == Accepted("taken as 77")
    raw = b"\r\n".join(line.removeprefix(b".") for line in received[0].split(b"\r\n"))
    got = message_from_bytes(raw, policy=policy.default)
    assert (got["From"], got["To"], got["Subject"]) == (SENDER, "rowan@example.org", "An answer from Port Alder")
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content().replace("\r\n", "\n").rstrip() == "Line one\n.dotted\n\nÑandú 👋"


def test_a_subject_cannot_bring_headers_of_its_own():
    with server() as (url, received):
        Smtp(url, SENDER).send(mail(subject="Hello\r\nBcc: everybody@example.org"), call())
    assert b"\r\nBcc:" not in received[0]


@pytest.mark.parametrize(
    ("answers", "failure", "retry"),
    [
        ({"greeting": b"421 busy\r\n"}, "provider_unreachable", True),
        ({"greeting": CUT}, "provider_unreachable", True),
        ({"greeting": SILENT}, "provider_unreachable", True),
        ({"mail": b"550 not you\r\n"}, "account_refused", True),
        ({"mail": CUT}, "provider_unreachable", True),
        ({"rcpt": b"550 no such box\r\n"}, "refused", False),
        ({"rcpt": b"450 greylisted\r\n"}, "refused_for_now", True),
        ({"data": b"554 no\r\n"}, "refused", False),
        ({"data": CUT}, "provider_unreachable", True),
        ({"dot": b"554 looks like spam\r\n"}, "refused", False),
        ({"dot": b"451 later\r\n"}, "refused_for_now", True),
    ],
    ids=str,
)
def test_a_no_before_the_end_is_definite(answers, failure, retry):
    with server(**answers) as (url, _):
        outcome = Smtp(url, SENDER).send(mail(), call())
    assert isinstance(outcome, NotTaken)
    assert (outcome.failure.name, outcome.failure.retry) == (failure, retry)


@pytest.mark.parametrize(
    "end", [CUT, SILENT, b"what?\r\n", b"354 go on\r\n"], ids=["closed", "silent", "noise", "odd"]
)
def test_after_the_final_dot_silence_means_unknown(end):
    with server(dot=end) as (url, received):
        assert isinstance(Smtp(url, SENDER).send(mail(), call()), Unknown)
    assert len(received) == 1


def test_a_connection_that_breaks_before_the_dot_is_definite():
    with server(content=CUT) as (url, _):
        outcome = Smtp(url, SENDER).send(mail(text="word " * 2_000_000), call())
    assert isinstance(outcome, NotTaken)
    assert outcome.failure.name == "provider_unreachable"


def test_a_closed_port_is_definite():
    assert Smtp("smtp://127.0.0.1:1", SENDER).send(mail(), call()).failure.name == "provider_unreachable"


def test_a_server_that_takes_its_time_for_each_answer_does_not_outlast_the_call():
    """Each answer comes in time; all of them together do not."""
    began = time.monotonic()
    with server(pause=0.25) as (url, received):
        outcome = Smtp(url, SENDER).send(mail(), call())
        assert time.monotonic() - began < 1.0
    assert isinstance(outcome, NotTaken)
    assert outcome.failure.retry
    assert not any(received)


def test_a_mail_that_got_late_is_not_begun():
    with server() as (url, received), pytest.raises(TooLate):
        Smtp(url, SENDER).send(mail(), replace(call(), begin_by=0.0))
    assert not any(received)


def test_a_wrong_password_is_ours_to_mend():
    with server(ehlo=b"250-mail.test\r\n250 AUTH PLAIN\r\n") as (url, _):
        outcome = Smtp(url.replace("smtp://", "smtp://us:wrong@"), SENDER).send(mail(), call())
    assert (outcome.failure.name, outcome.code) == ("account_refused", "535")


def test_a_server_or_password_that_cannot_be_written_is_ours_to_mend():
    with server(ehlo=b"250-mail.test\r\n250 AUTH PLAIN\r\n") as (url, received):
        outcome = Smtp(url.replace("smtp://", "smtp://us:caf%C3%A9@"), SENDER).send(mail(), call())
        assert (outcome.failure.name, outcome.failure.retry) == ("provider_unreachable", True)
        assert not any(received)
    outcome = Smtp("smtp://mail..example.org", SENDER).send(mail(), call())
    assert outcome.failure.name == "provider_unreachable"


def test_a_password_does_not_travel_in_the_clear(monkeypatch):
    monkeypatch.setattr("services.notifications.sender.smtp.LOOPBACK", ())
    with server(ehlo=b"250-mail.test\r\n250 AUTH PLAIN\r\n", auth=b"235 welcome\r\n") as (url, received):
        outcome = Smtp(url.replace("smtp://", "smtp://us:secret@"), SENDER).send(mail(), call())
    assert outcome.failure.name == "account_refused"
    assert received == []


def test_mails_into_a_folder(tmp_path):
    outgoing = mail()
    box = MailFolder(tmp_path / "new" / "mail", SENDER)
    for _ in range(2):
        assert box.send(outgoing, call()) == Accepted(f"{outgoing.message_id}.eml")
    (only,) = list((tmp_path / "new" / "mail").iterdir())
    assert message_from_bytes(only.read_bytes(), policy=policy.default)["To"] == "rowan@example.org"


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path):
    (tmp_path / "file").write_text("in the way")
    outcome = MailFolder(tmp_path / "file" / "mail", SENDER).send(mail(), call())
    assert outcome.failure.retry


def test_an_email_resident_gets_acknowledgement_and_answer(stage, tmp_path):
    resident = Resident(by="email", phone=None, email="rowan@example.org", language="es")
    stage.hear(resident.wrote(), resident.opened(), resident.answered("Ya está arreglado."))
    stage.sender(email=MailFolder(tmp_path / "mail", SENDER)).drain()
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((tmp_path / "mail").glob("*.eml"))
    ]
    assert [got["Subject"] for got in mails] == ["Puerto Aliso: tenemos su mensaje", "Un mensaje de Puerto Aliso"]
    assert "Ya está arreglado." in mails[1].get_content()
    assert "http://listen.test/track" in mails[1].get_content()
    assert stage.announced == ["accepted", "accepted"]


def test_an_unknown_mail_is_not_sent_again(stage):
    resident = Resident(by="email", phone=None, email="rowan@example.org")
    stage.hear(resident.wrote(), resident.answered())
    with server(dot=CUT) as (url, _):
        stage.sender(email=Smtp(url, SENDER)).drain()
    assert stage.message.state == "unknown"
    stage.clock.forward(days=1)
    with server() as (url, received):
        assert stage.sender(email=Smtp(url, SENDER)).drain() == 0
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))).close()
    assert received == []
