"""A concern as intake understood it, and what the city's rules make of what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: `contact.by` → the field of the contact it needs.
REACHED_BY = {"sms": "phone", "call": "phone", "email": "email", "post": "address"}
IDENTIFYING = ("name", "phone", "email", "address")


@dataclass(frozen=True, slots=True)
class Concern:
    """What a resident told us. `document` is what gets sealed; the rest decides where it goes."""

    document: Mapping[str, Any]
    kind: str
    category: str
    language: str
    channel: str
    district: str | None
    about: str | None
    anonymous: bool
    preferred_partner: str
    partner: str | None
    names_person: bool
    show_publicly: bool
    contact_by: str
    quarantine: str | None

    @property
    def text(self) -> str:
        """What they wrote."""
        text: str = self.document["text"]
        return text


def way_back(contact: Mapping[str, str] | None) -> str:
    """How to reach somebody who did not say how: by text, else by mail, else by post, else not at all."""
    given = contact or {}
    return given.get("by") or next((by for by in ("sms", "email", "post") if given.get(REACHED_BY[by])), "none")


def missing_for(contact: Mapping[str, str]) -> str | None:
    """The field without which `contact.by` cannot work."""
    needed = REACHED_BY.get(contact.get("by", ""))
    return needed if needed and not contact.get(needed) else None


def may_be_shown(*, asked: bool, guarded: bool, names_person: bool) -> bool:
    """Never publicly: conduct, retaliation, discrimination, unsure, or where somebody is named."""
    return asked and not guarded and not names_person
