"""Where a concern stands, in a sentence with a time."""

from datetime import datetime

from flask_babel import gettext

from services.intake.domain.concern import Concern
from services.intake.handlers.converse import Conversation
from services.intake.handlers.house import House
from services.intake.web.pages.frame import reader
from shared.cities import FACTS, City
from shared.design import moments


def standing(house: House, conversation: Conversation) -> str:
    """What residents are told for the public state; a promise that was missed is said as missed."""
    fixed = {
        "asked_you": gettext("We asked you something. Write back below, and a person goes on with it."),
        "answered": gettext("We answered. If that does not settle it, write back below and it is opened again."),
        "closed": gettext("This is closed. If you write back, it is opened again."),
        "referred": gettext("We passed this on to another office. What they answer will stand here."),
    }
    return fixed.get(conversation.state) or _open(house, conversation)


def _open(house: House, conversation: Conversation) -> str:
    if conversation.answered:
        return gettext("A person is working on this and has written to you below.")
    now, promised = house.clock.now(), promise(house, conversation)
    when = moments.spoken(promised, now, house.city.time_zone, reader(), gettext)
    if promised < now:
        return gettext(
            "We promised an answer by %(when)s and are late. It stands on our list of late answers.", when=when
        )
    if conversation.state == "with_a_person":
        return gettext("A person has this. They answer by %(when)s.", when=when)
    return gettext("We have this. A person answers by %(when)s.", when=when)


def promise(house: House, conversation: Conversation) -> datetime:
    """Until when a person answers: as routing promised, or by the city's policy until it has."""
    if conversation.promised_at is not None:
        return conversation.promised_at
    return answer_by(house.city, conversation, conversation.received_at)


def answer_by(city: City, told: Concern | Conversation, received_at: datetime) -> datetime:
    """Until when a person answers by the city's policy, in the hours somebody is there: routing says the same."""
    return city.policy_for(**{name: getattr(told, name) for name in FACTS}).answer_by(received_at)
