"""Mail by SMTP (RFC 5321): until the final dot is sent nothing was handed over, after it anything may be."""

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from services.notifications.domain.failures import ACCOUNT, ADDRESS, LATER, REFUSED, UNREACHABLE, Failure
from services.notifications.domain.outcome import Accepted, NotTaken, Outcome, Unknown
from services.notifications.sender.letters import Letter, letter
from services.notifications.sender.port import CallTime, Outgoing

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class _Refused(Exception):
    """The server said no before it took anything."""

    def __init__(self, failure: Failure, code: int) -> None:
        super().__init__(failure.name)
        self.failure = failure
        self.code = code


@dataclass(frozen=True)
class Smtp:
    """`smtp://user:password@host:587` (STARTTLS where offered) or `smtps://…` (TLS from the first byte)."""

    url: str
    sender: str
    name: str = "smtp"

    def send(self, outgoing: Outgoing, call: CallTime) -> Outcome:
        """Hand the mail over once."""
        mail = letter(outgoing, self.sender)
        try:
            server = self._open(call)
        except _Refused as refusal:
            return NotTaken(refusal.failure, code=str(refusal.code))
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            # UnicodeError: a host or a password that the protocol cannot write.
            return NotTaken(UNREACHABLE, code=type(error).__name__)
        try:
            return _hand_over(server, mail, call)
        finally:
            server.close()

    def _open(self, call: CallTime) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        server = _connection(parts, call)
        try:
            _introduce(server, parts, call)
        except BaseException:
            server.close()
            raise
        return server


def _hand_over(server: smtplib.SMTP, mail: Letter, call: CallTime) -> Outcome:
    try:
        _address(server, mail, call)
        call.check_start()
        _write(server, mail.content, call)
    except _Refused as refusal:
        return NotTaken(refusal.failure, code=str(refusal.code))
    except (OSError, smtplib.SMTPException) as error:
        return NotTaken(UNREACHABLE, code=type(error).__name__)
    return _finish(server, call)


def _address(server: smtplib.SMTP, mail: Letter, call: CallTime) -> None:
    """Envelope and DATA. How a server takes one address says nothing about how it takes others."""
    if mail.international and not server.has_extn("smtputf8"):
        raise _Refused(ADDRESS, 553)
    options = ("SMTPUTF8", "BODY=8BITMIME") if mail.international else ()
    _wait_no_longer(server, call)
    _expect(server.mail(mail.sender, options), (250,), ACCOUNT)
    _wait_no_longer(server, call)
    try:
        _expect(server.rcpt(mail.to), (250, 251), REFUSED)
    except (OSError, smtplib.SMTPException) as error:
        raise _Refused(LATER, 421) from error
    _wait_no_longer(server, call)
    _expect(server.docmd("DATA"), (354,), REFUSED)


def _connection(parts: SplitResult, call: CallTime) -> smtplib.SMTP:
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        tls = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=call.left(), context=tls)
    return smtplib.SMTP(host, parts.port or 587, timeout=call.left())


def _wait_no_longer(server: smtplib.SMTP, call: CallTime) -> None:
    """Than the whole call has left: a server that takes its time for each answer must not outlast the attempt."""
    assert server.sock is not None
    server.sock.settimeout(call.left())


def _introduce(server: smtplib.SMTP, parts: SplitResult, call: CallTime) -> None:
    """Say hello, encrypt where the server can, sign in where we have a name."""
    _wait_no_longer(server, call)
    server.ehlo_or_helo_if_needed()
    if parts.scheme == "smtp" and server.has_extn("starttls"):
        _wait_no_longer(server, call)
        server.starttls(context=ssl.create_default_context())
        _wait_no_longer(server, call)
        server.ehlo()
    if parts.username:
        _wait_no_longer(server, call)
        _sign_in(server, parts)


def _sign_in(server: smtplib.SMTP, parts: SplitResult) -> None:
    """The password goes over TLS, or not farther than this machine."""
    if not isinstance(server.sock, ssl.SSLSocket) and parts.hostname not in LOOPBACK:
        raise _Refused(ACCOUNT, 538)
    try:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
    except smtplib.SMTPResponseException as error:
        raise _Refused(ACCOUNT, error.smtp_code) from error


def _expect(reply: tuple[int, bytes], good: tuple[int, ...], failure: Failure) -> None:
    """4xx means "not now" (greylisting, a full box), everything else "no"."""
    code = reply[0]
    if code not in good:
        raise _Refused(LATER if 400 <= code < 500 else failure, code)


def _write(server: smtplib.SMTP, content: bytes, call: CallTime) -> None:
    """CRLF lines, dots doubled at their beginning (RFC 5321, 4.5.2); whatever breaks here, no dot was sent."""
    _wait_no_longer(server, call)
    lines = content.splitlines()
    server.send(b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines))


def _finish(server: smtplib.SMTP, call: CallTime) -> Outcome:
    """Send the final dot; silence afterwards, or an answer nobody can read, means that nobody knows."""
    try:
        _wait_no_longer(server, call)
        server.send(b".\r\n")
        code, answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Unknown(type(error).__name__)
    match code // 100:
        case 2:
            return Accepted(answer.decode(errors="replace")[:64])
        case 4:
            return NotTaken(LATER, code=str(code))
        case 5:
            return NotTaken(REFUSED, code=str(code))
    return Unknown(f"an answer nobody can read: {code}")
