"""Turns what was sent into a concern as the city understands it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.intake.domain.concern import IDENTIFYING, Concern, may_be_shown, way_back
from services.intake.handlers.detect import LanguageDetector
from shared.cities import City
from shared.mentions import Mentions

#: A number texts can be sent to (ITU-T E.164), unlike short codes and names of senders.
_E164 = re.compile(r"\+[1-9]\d{6,14}")
Payload = Mapping[str, Any]


class Understanding:
    """The rules of one city, ready to read concerns by."""

    def __init__(self, city: City, detector: LanguageDetector) -> None:
        self.city = city
        self.mentions = Mentions(city.words.values())
        self._detector = detector

    def concern(self, payload: Payload, channel: str) -> Concern:
        """The concern in a payload that the schema has checked."""
        text: str = payload["text"]
        category = payload.get("category") or "unsure"
        contact = payload.get("contact")
        names_person = self._names_person(text, payload.get("named_people") or ())
        guarded = self.city.is_guarded(category)
        return Concern(
            document=_document(payload),
            kind=payload.get("kind") or "concern",
            category=category,
            language=payload.get("language") or self._detector.language_of(text),
            channel=channel,
            district=self.district(payload.get("location")),
            about=payload.get("about"),
            anonymous=bool(payload.get("anonymous")),
            preferred_partner=payload.get("preferred_partner") or "either",
            partner=payload.get("partner"),
            names_person=names_person,
            show_publicly=may_be_shown(
                asked=bool(payload.get("show_publicly")), guarded=guarded, names_person=names_person
            ),
            contact_by=way_back(contact),
            quarantine=None,
        )

    def text(self, shown: str, phone: str, body: str) -> Concern:
        """The concern in a text message; one with nothing to show waits in quarantine.

        `shown` is what people read, with a line of ours about pictures; `body` is in the writer's own words.
        """
        return Concern(
            document={**_document({"text": shown}), "contact": {"phone": phone}},
            kind="concern",
            category="unsure",
            language=self._detector.language_of(body),
            channel="sms",
            district=None,
            about=None,
            anonymous=False,
            preferred_partner="either",
            partner=None,
            names_person=self.mentions.is_sensitive(body),
            show_publicly=False,
            contact_by="sms" if _E164.fullmatch(phone) else "none",
            quarantine=None if shown.strip() else "blank",
        )

    def district(self, location: Mapping[str, Any] | None) -> str | None:
        """Where the point lies; without one, or outside, the district that was named, if the city knows it."""
        if not location:
            return None
        found = self.city.district_at(location["lat"], location["lon"]) if "lat" in location else None
        named = location.get("district")
        return found or (named if self.city.districts.knows(named) else None)

    def _names_person(self, text: str, named: Sequence[Mapping[str, str]]) -> bool:
        return any(any(each.values()) for each in named) or self.mentions.is_sensitive(text)


def _document(payload: Payload) -> dict[str, Any]:
    """What gets sealed, always with the same fields."""
    location = payload.get("location") or {}
    contact = payload.get("contact") or {}
    occurred_at: datetime | None = payload.get("occurred_at")
    return {
        "text": payload["text"],
        "location": {name: location.get(name) for name in ("lat", "lon", "address")} if location else None,
        "occurred_at": occurred_at.isoformat() if occurred_at else None,
        "contact": {name: contact[name] for name in IDENTIFYING if contact.get(name)} or None,
        "named_people": list(payload.get("named_people") or ()),
    }
