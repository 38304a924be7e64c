"""A message as a mail: RFC 5322, plain text, one recipient."""

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from email_validator import validate_email

from services.notifications.sender.port import Outgoing, Unwritable
from shared.ids import moment_of

# 7 bit: not every server takes eight (RFC 6152), and none may have to convert what we wrote.
PLAIN = policy.SMTP.clone(cte_type="7bit")
INTERNATIONAL = PLAIN.clone(utf8=True)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, its envelope, and whether only a server with SMTPUTF8 (RFC 6531) can carry it."""

    sender: str
    to: str
    international: bool
    content: bytes


def letter(outgoing: Outgoing, sender: str) -> Letter:
    """The mail, ready to go. Raises Unwritable, whatever is wrong with the message."""
    try:
        origin, to = parseaddr(sender)[1], mailbox(outgoing.to)
        if not origin.isascii():
            sender = sender.replace(origin, origin := mailbox(origin))
        international = not (origin + to).isascii()
        mail = _mail(outgoing, sender, to, international=international)
        return Letter(origin, to, international, bytes(mail))
    except Exception as error:  # noqa: BLE001 - whatever it is; its own words may quote the address
        raise Unwritable(type(error).__name__) from None


def mailbox(address: str) -> str:
    """The address with its domain in ASCII (IDNA 2008); what stands before the @ has no such form."""
    checked = validate_email(address, check_deliverability=False, globally_deliverable=False)
    return f"{checked.local_part}@{checked.ascii_domain}"


def _mail(outgoing: Outgoing, sender: str, to: str, *, international: bool) -> EmailMessage:
    """Its Message-ID names the message, so that a mailbox that got it twice shows it once."""
    mail = EmailMessage(policy=INTERNATIONAL if international else PLAIN)
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = " ".join(outgoing.subject.split())
    mail["Date"] = format_datetime(moment_of(outgoing.message_id))
    mail["Message-ID"] = f"<{outgoing.message_id}@{domain}>"
    # RFC 3834: no out-of-office answers to us, please.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(outgoing.text)
    return mail
