"""The conversation of a case: what was said, and between it who took it over and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from services.routing.queries import CaseView, Entry, Step
from services.routing.web import words
from services.routing.web.console.delivery import failed, fared
from services.routing.web.console.saying import Teller, told_between

#: What stands at one sequence: first the words, then the line that tells of the step, then why it was taken.
WORDS, LINE, REASON = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Conversation:
    """`lines()` gives the bubbles, oldest first, as `bubble` of the design takes them."""

    view: CaseView
    teller: Teller
    when: Callable[..., str]

    def lines(self) -> list[dict[str, Any]]:
        """Every bubble in the order in which things happened."""
        placed = [((1, WORDS), self._story())]
        placed += [((entry.sequence, _rank(entry)), self._said(entry)) for entry in self.view.conversation]
        placed += [((step.sequence, LINE), self._line(step)) for step in self.view.history if told_between(step)]
        return [bubble for _, bubble in sorted(placed, key=lambda each: each[0])]

    def _story(self) -> dict[str, Any]:
        row = self.view.row
        meta = [words.channel(row.channel), words.language(row.language)]
        text = self.view.story.text or gettext("(nothing was written)")
        return self._resident(row.received_at, text, meta)

    def _said(self, entry: Entry) -> dict[str, Any]:
        if entry.direction == "in":
            return self._resident(entry.at, entry.text, [words.channel(entry.channel)] if entry.channel else [])
        if entry.direction == "internal":
            return self._internal(entry)
        return self._sent(entry)

    def _resident(self, at: Any, text: str, meta: list[str]) -> dict[str, Any]:
        who = gettext("Resident “%(name)s”", name=self.view.row.pseudonym)
        said = {"kind": "resident", "who": who, "at": self.when(at), "text": text}
        return said | {"meta": meta, "lang": self.view.row.language}

    def _internal(self, entry: Entry) -> dict[str, Any]:
        meta = [gettext("why it changed hands or state")] if entry.kind == "reason" else []
        who = self._who(entry)
        return {"kind": "note", "who": who, "at": self.when(entry.at), "text": entry.text, "meta": meta}

    def _sent(self, entry: Entry) -> dict[str, Any]:
        row = self.view.row
        meta = [gettext("what came of it")] if entry.kind == "sentence" else []
        said = {"kind": "staff", "who": self._who(entry), "at": self.when(entry.at), "text": entry.text}
        return said | {
            "meta": [*meta, fared(entry, row.contact_by)],
            "lang": row.language,
            "failed": failed(entry),
            "id": f"said-{entry.id}",
        }

    def _who(self, entry: Entry) -> str:
        mine = any(
            step.sequence == entry.sequence and step.actor_id == self.teller.me for step in self.view.history
        )
        return gettext("You") if mine else entry.author or gettext("Somebody")

    def _line(self, step: Step) -> dict[str, Any]:
        told = self.teller.tell(step)
        told = told[:1].upper() + told[1:]
        if step.sequence == self.view.certificate.get("sequence"):
            told = f"{told}. {self.view.certificate['sentence']}"
        return {"kind": "system", "text": told, "at": self.when(step.at)}


def _rank(entry: Entry) -> int:
    return REASON if entry.kind == "reason" else WORDS
