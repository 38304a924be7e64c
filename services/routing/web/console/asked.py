"""What somebody asks to be done with a case, as a form brings it, and the command that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext

from services.routing.desk import Desk
from services.routing.domain.refusals import Invalid
from services.routing.handlers import commands, walls


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done, and what to say when it was."""

    do: Callable[[Desk, UUID, int | None, Mapping[str, str]], int]
    done: Callable[[Mapping[str, str]], str]


def _reply(desk: Desk, case_id: UUID, expected: int | None, form: Mapping[str, str]) -> int:
    return commands.reply(desk, case_id, expected, lines(form, "text"))


def _note(desk: Desk, case_id: UUID, expected: int | None, form: Mapping[str, str]) -> int:
    return commands.note(desk, case_id, expected, lines(form, "text"))


def _contact(desk: Desk, case_id: UUID, expected: int | None, form: Mapping[str, str]) -> int:
    return commands.log_contact(
        desk, case_id, expected, way=form.get("way", ""), outcome=form.get("outcome", ""), text=lines(form, "text")
    )


def _accept(desk: Desk, case_id: UUID, expected: int | None, _form: Mapping[str, str]) -> int:
    return commands.accept(desk, case_id, expected)


def _assign(desk: Desk, case_id: UUID, expected: int | None, form: Mapping[str, str]) -> int:
    try:
        owner_id = UUID(form.get("owner_id", ""))
    except ValueError:
        raise Invalid("/owner_id", "missing_owner", "Choose a person.") from None
    return commands.assign(desk, case_id, expected, owner_id, lines(form, "reason"))


def _recuse(desk: Desk, case_id: UUID, expected: int | None, form: Mapping[str, str]) -> int:
    return commands.recuse(desk, case_id, expected, lines(form, "reason"))


def _name(desk: Desk, case_id: UUID, expected: int | None, form: Mapping[str, str]) -> int:
    who = {part: lines(form, part) for part in ("name", "badge", "unit")}
    return walls.name(desk, case_id, expected, who, form.get("relation") or "about")


def _change(desk: Desk, case_id: UUID, expected: int | None, form: Mapping[str, str]) -> int:
    return commands.change_state(
        desk, case_id, expected, form.get("to", ""), reason=lines(form, "reason") or None,
        outcome=form.get("outcome") or None, sentence=lines(form, "sentence") or None,
    )  # fmt: skip


ACTS: Mapping[str, Act] = {
    "reply": Act(_reply, lambda _form: gettext("Your reply is on its way.")),
    "note": Act(_note, lambda _form: gettext("Your note is kept. Only staff can read it.")),
    "contact": Act(_contact, lambda _form: gettext("It is logged.")),
    "accept": Act(_accept, lambda _form: gettext("This is yours now.")),
    "assign": Act(_assign, lambda _form: gettext("It has a new owner.")),
    "recuse": Act(_recuse, lambda _form: gettext("You stepped aside. This case will not reach you again.")),
    "name": Act(_name, lambda _form: gettext("Noted. Whoever is meant does not see this case any more.")),
    "state": Act(_change, lambda form: changed(form.get("origin", ""), form.get("to", ""))),
}


def changed(origin: str, to: str) -> str:
    """What to say after a change of state."""
    if (origin, to) == ("quarantined", "closed"):
        return gettext("Kept. What is held back closes when two people have agreed.")
    return gettext("The case has moved on.")


def draft_of(act: str, case_id: UUID) -> str:
    """The key under which a browser keeps what is being written for this act."""
    return f"{'sentence' if act == 'state' else act} {case_id}"


def lines(form: Mapping[str, str], name: str) -> str:
    """A text with the line ends people mean; browsers send two characters for each."""
    return form.get(name, "").replace("\r\n", "\n")


def expected(form: Mapping[str, str]) -> int:
    """The sequence the page was made from; a form without one was made before anything happened."""
    given = form.get("sequence", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
