"""How the steps of a case are told: in the conversation, in its history, and when it changed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext

from services.routing.domain.clocks import NOT_ARRIVED, REACHED, RESPONSES
from services.routing.queries import CaseView, Step
from services.routing.web import words
from shared.cities import City

#: Changes of state that only follow from what stands beside them: a reply, a message, a new owner.
IMPLIED_BY = ("replied", "contacted", "accepted", "answered")
#: Steps that stand between what was said; warnings and rungs stand in the history alone.
TOLD_BETWEEN = ("case.opened", "case.assigned", "response.overdue", "contact.logged", "delivery.recorded")
IMPLIED_TO = ("new", "assigned", "in_review")


@dataclass(frozen=True, slots=True)
class Teller:
    """Knows the names a reader may see; everybody else is somebody."""

    city: City
    me: UUID
    names: Mapping[UUID, str]

    def who(self, person: Any) -> str:
        """A person by id, as the reader calls them."""
        if person is None:
            return gettext("the rules")
        known = UUID(str(person))
        return gettext("you") if known == self.me else self.names.get(known, gettext("somebody"))

    def tell(self, step: Step) -> str:
        """One step as half a sentence in small letters, such as "assigned to you by the rules"."""
        return _TOLD[step.type](self, step) if step.type in _TOLD else step.type

    def opened(self, step: Step) -> str:
        """The case was opened."""
        return gettext("received, %(place)s", place=self._place(step.data))

    def assigned(self, step: Step) -> str:
        """It changed hands."""
        return self._place(step.data)

    def _place(self, data: Mapping[str, Any]) -> str:
        if data.get("owner_id"):
            return gettext("assigned to %(name)s", name=self.who(data["owner_id"]))
        return gettext("waits in %(queue)s", queue=words.queue(self.city, data.get("queue")))

    def moved(self, step: Step) -> str:
        """Its state changed."""
        data = step.data
        if data["to_state"] == "resolved" and data.get("outcome"):
            return gettext("answered: %(outcome)s", outcome=words.outcome(data["outcome"]).lower())
        if data.get("reason") == "disputed":
            return gettext("the resident wrote back: open again")
        if data.get("reason") == "reopened" or data["from_state"] == "closed":
            return gettext("open again")
        if data.get("reason") == "not_disputed":
            return gettext("closed: nobody objected in time")
        return gettext("now %(state)s", state=words.state(data["to_state"]).lower())

    def replied(self, step: Step) -> str:
        """Somebody answered the resident."""
        return gettext("reply by %(name)s", name=self.who(step.actor_id))

    def noted(self, step: Step) -> str:
        """Somebody noted something."""
        return gettext("note by %(name)s", name=self.who(step.actor_id))

    def heard(self, _step: Step) -> str:
        """The resident wrote."""
        return gettext("the resident wrote")

    def late(self, step: Step) -> str:
        """A promise was broken."""
        if step.data["clock"] in RESPONSES:
            return gettext("the promised moment passed without an answer")
        return gettext("%(clock)s: the promised moment passed", clock=words.clock(step.data["clock"]))

    def near(self, step: Step) -> str:
        """A promise comes near."""
        return gettext("%(clock)s: due soon", clock=words.clock(step.data["clock"]))

    def climbed(self, step: Step) -> str:
        """Somebody was told of a broken promise."""
        told = ", ".join(self.who(person) for person in step.data["told"]) or gettext("nobody is left to be told")
        return gettext("%(clock)s overdue, told: %(people)s", clock=words.clock(step.data["clock"]), people=told)

    def contacted(self, step: Step) -> str:
        """Somebody called, visited or wrote a letter."""
        way, who = words.way(step.data["way"]), self.who(step.actor_id)
        if step.data["outcome"] == REACHED:
            return gettext("%(way)s by %(name)s: reached", way=way, name=who)
        return gettext("%(way)s by %(name)s: missed, which is no answer", way=way, name=who)

    def accepted(self, step: Step) -> str:
        """An owner took it up."""
        return gettext("taken up by %(name)s", name=self.who(step.actor_id))

    def fared(self, step: Step) -> str:
        """What was said did not arrive, or did after all."""
        if step.data["status"] in NOT_ARRIVED:
            return gettext("an answer did not arrive: it counts as not given")
        return gettext("an answer arrived after all")


_TOLD = {
    "case.opened": Teller.opened, "case.assigned": Teller.assigned, "state.changed": Teller.moved,
    "reply.written": Teller.replied, "note.added": Teller.noted, "message.recorded": Teller.heard,
    "response.overdue": Teller.late, "response.warned": Teller.near, "response.escalated": Teller.climbed,
    "contact.logged": Teller.contacted, "case.accepted": Teller.accepted, "delivery.recorded": Teller.fared,
}  # fmt: skip


def told_between(step: Step) -> bool:
    """Whether the conversation says it in a line of its own: ownership, and states nothing else tells of."""
    if step.type == "state.changed":
        return step.data.get("reason") not in IMPLIED_BY and step.data["to_state"] not in IMPLIED_TO
    return step.type in TOLD_BETWEEN


def since(view: CaseView, sequence: int) -> tuple[Step, ...]:
    """What happened after the reader's page was made."""
    return tuple(step for step in view.history if step.sequence > sequence)
