"""Mail into a folder, one file each: what `SMTP_URL=file:/path` means, for trying things out."""

import os
from dataclasses import dataclass
from pathlib import Path

from services.notifications.domain.failures import UNREACHABLE
from services.notifications.domain.outcome import Accepted, NotTaken, Outcome
from services.notifications.sender.letters import letter
from services.notifications.sender.port import CallTime, Outgoing


@dataclass(frozen=True)
class MailFolder:
    """Writes `MESSAGE-ID.eml`; the same message twice is one file."""

    folder: Path
    sender: str
    name: str = "folder"

    def send(self, outgoing: Outgoing, call: CallTime) -> Outcome:
        """Write the mail under a temporary name, then move it: a reader never sees half of one."""
        content = letter(outgoing, self.sender).content
        call.check_start()
        name = f"{outgoing.message_id}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f".{name}.{os.getpid()}"
            part.write_bytes(content)
            part.rename(self.folder / name)
        except OSError as error:
            return NotTaken(UNREACHABLE, code=error.strerror or "")
        return Accepted(name)
