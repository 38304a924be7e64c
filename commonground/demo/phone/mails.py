"""The mails of the demo, as they lie in their folder."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

SHOWN = 50


@dataclass(frozen=True)
class Mail:
    """One mail that went out."""

    to: str
    subject: str
    date: str
    text: str


def newest(folder: Path) -> list[Mail]:
    """The newest mails first; their file names begin with the moment they were written."""
    paths = sorted(folder.glob("*.eml"), reverse=True)[:SHOWN] if folder.is_dir() else []
    return [_read(path) for path in paths]


def _read(path: Path) -> Mail:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(preferencelist=("plain",))
    return Mail(
        to=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        date=str(mail["Date"] or ""),
        text=body.get_content() if body else "",
    )
