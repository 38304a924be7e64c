"""A message as a mail: RFC 5322, plain text, one recipient."""

from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from services.notifications.sender.port import Outgoing
from shared.ids import moment_of


def letter(outgoing: Outgoing, sender: str) -> EmailMessage:
    """The mail. Its Message-ID names the message, so that a mailbox that got it twice shows it once."""
    mail = EmailMessage()
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail["From"] = sender
    mail["To"] = outgoing.to
    mail["Subject"] = " ".join(outgoing.subject.split())
    mail["Date"] = format_datetime(moment_of(outgoing.message_id))
    mail["Message-ID"] = f"<{outgoing.message_id}@{domain}>"
    # RFC 3834: no out-of-office answers to us, please.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(outgoing.text)
    return mail
