"""Mail by SMTP (RFC 5321): until the final dot is sent nothing was handed over, after it anything may be."""

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from services.notifications.domain.failures import ACCOUNT, LATER, REFUSED, UNREACHABLE, Failure
from services.notifications.domain.outcome import Accepted, NotTaken, Outcome, Unknown
from services.notifications.sender.letters import letter
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
        try:
            server = self._open(call)
        except _Refused as refusal:
            return NotTaken(refusal.failure, code=str(refusal.code))
        except (OSError, smtplib.SMTPException) as error:
            return NotTaken(UNREACHABLE, code=type(error).__name__)
        try:
            return self._hand_over(server, outgoing, call)
        finally:
            server.close()

    def _open(self, call: CallTime) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        server = _connection(parts, call)
        try:
            _introduce(server, parts)
        except BaseException:
            server.close()
            raise
        return server

    def _hand_over(self, server: smtplib.SMTP, outgoing: Outgoing, call: CallTime) -> Outcome:
        mail = letter(outgoing, self.sender)
        try:
            _expect(server.mail(_address(self.sender)), (250,), ACCOUNT)
            _expect(server.rcpt(_address(outgoing.to)), (250, 251), REFUSED)
            _expect(server.docmd("DATA"), (354,), REFUSED)
        except _Refused as refusal:
            return NotTaken(refusal.failure, code=str(refusal.code))
        except (OSError, smtplib.SMTPException) as error:
            return NotTaken(UNREACHABLE, code=type(error).__name__)
        call.check_start()
        return _deliver(server, bytes(mail), call)


def _connection(parts: SplitResult, call: CallTime) -> smtplib.SMTP:
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        tls = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=call.left(), context=tls)
    return smtplib.SMTP(host, parts.port or 587, timeout=call.left())


def _introduce(server: smtplib.SMTP, parts: SplitResult) -> None:
    """Say hello, encrypt where the server can, sign in where we have a name."""
    server.ehlo_or_helo_if_needed()
    if parts.scheme == "smtp" and server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    if parts.username:
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


def _deliver(server: smtplib.SMTP, content: bytes, call: CallTime) -> Outcome:
    """Send the words and the final dot; silence afterwards means that nobody knows."""
    try:
        assert server.sock is not None
        server.sock.settimeout(call.left())
        server.send(_dotted(content))
        code, answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Unknown(type(error).__name__)
    if code == 250:
        return Accepted(answer.decode(errors="replace")[:64])
    return NotTaken(LATER if 400 <= code < 500 else REFUSED, code=str(code))


def _dotted(content: bytes) -> bytes:
    """CRLF lines, dots doubled at their beginning, the final dot (RFC 5321, 4.5.2)."""
    lines = content.splitlines()
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines) + b".\r\n"


def _address(mailbox: str) -> str:
    from_angle = mailbox.rpartition("<")[2].rstrip(">").strip()
    return from_angle or mailbox
