"""The answers on the report form: what was typed, what it means as a concern, and what is wrong with it."""

from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from shared.web.faults import FaultAt, fault, faults_of
from shared.web.problems import said

FIELDS = (
    "text", "category", "address", "district", "occurred_on", "named",
    "reach", "name", "phone", "email", "partner",
)  # fmt: skip
REACH = ("contact", "anonymous", "partner")

#: Where in the concern → which control on the page.
CONTROLS = {
    "/text": "text",
    "/category": "category",
    "/location/address": "address",
    "/location/district": "district",
    "/occurred_at": "occurred_on",
    "/named_people/0/name": "named",
    "/contact/name": "name",
    "/contact/phone": "phone",
    "/contact/email": "email",
    "/contact": "reach",
}
CHOOSE = fault("choose_reach", "Choose whether we may know how to reach you.")
NO_WAY = fault("no_way_back", "Write a phone number or an email address, or choose to stay unknown.")
UNKNOWN_BUT_REACHABLE = fault(
    "contact_with_anonymous",
    "You chose to stay unknown, and wrote how to reach you. Empty those fields, or choose to be reached.",
)

Answers = Mapping[str, str]


def answers_in(form: Mapping[str, str], partners: Collection[str]) -> dict[str, str]:
    """What was typed, field by field. Browsers send line ends as CRLF; people mean one.

    A partner nobody knows is dropped: it came by a link, and who follows it sees no field to correct.
    """
    answers = {name: form.get(name, "").replace("\r\n", "\n") for name in FIELDS}
    return answers | ({} if answers["partner"] in partners else {"partner": ""})


def as_payload(answers: Answers, language: str) -> dict[str, Any]:
    """The concern as a program would send it; what was left empty is left out."""
    contact = {name: answers[name].strip() for name in ("name", "phone", "email")}
    payload = {
        "text": answers["text"],
        "category": answers["category"],
        # The page's language says more than a guess, unless it is the one everybody starts with.
        "language": language if language != "en" else "",
        "location": _filled({name: answers[name] for name in ("address", "district")}),
        "occurred_at": answers["occurred_on"],
        "named_people": [{"name": answers["named"]}] if answers["named"].strip() else [],
        "contact": _filled(contact) | ({"by": "partner"} if answers["reach"] == "partner" else {}),
        "anonymous": answers["reach"] == "anonymous",
        "preferred_partner": "partner" if answers["reach"] == "partner" else "",
        "partner": answers["partner"],
    }
    return {**_filled(payload), "text": answers["text"]}


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in fields.items()
        if value and not (isinstance(value, str) and not value.strip())
    }


def read(schema: Schema, answers: Answers, language: str) -> dict[str, Any]:
    """The checked concern. Raises Unclear."""
    wrong = list(_undecided(answers))
    try:
        payload: dict[str, Any] = schema.load(as_payload(answers, language))
    except ValidationError as error:
        raise Unclear([*faults_of(error), *wrong]) from None
    if wrong:
        raise Unclear(wrong)
    return payload


def _undecided(answers: Answers) -> list[FaultAt]:
    if answers["reach"] not in REACH:
        return [FaultAt("/contact", CHOOSE)]
    if answers["reach"] == "contact" and not (answers["phone"].strip() or answers["email"].strip()):
        return [FaultAt("/contact/phone", NO_WAY)]
    return []


class Unclear(Exception):
    """Some answers cannot be taken as they are."""

    def __init__(self, faults: list[FaultAt]) -> None:
        super().__init__()
        self._faults = [
            FaultAt(at.pointer, UNKNOWN_BUT_REACHABLE) if at.fault.code == UNKNOWN_BUT_REACHABLE.code else at
            for at in faults
        ]

    def by_control(self) -> dict[str, str]:
        """The first thing to change at each control, in the reader's language."""
        found: dict[str, str] = {}
        for at in self._faults:
            found.setdefault(CONTROLS.get(at.pointer, ""), said(at.fault))
        return found

    def summary(self) -> list[dict[str, str]]:
        """The same for the list above the form."""
        return [{"field": control, "message": message} for control, message in self.by_control().items()]
