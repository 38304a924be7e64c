"""The body of POST /api/v1/feedback, as one city reads it, and the answer."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length

from services.intake.domain.concern import IDENTIFYING, missing_for
from services.intake.schemas.fields import (
    LONGEST_EMAIL,
    Degrees,
    Email,
    Few,
    Known,
    Language,
    Occurrence,
    Phone,
    Prose,
    Truth,
)
from services.intake.schemas.strict import Strict
from shared.cities import City
from shared.clock import Clock
from shared.events.catalogue.parts import one_of
from shared.web.faults import fault

LONGEST_TEXT = 10_000
MOST_PEOPLE = 50

DROP_ONE = (
    "An anonymous concern cannot carry a way to reach you. "
    "Drop contact to stay anonymous, or drop anonymous to be reached."
)
TOGETHER = "lat and lon are only useful together."
NEEDED = "This is needed to reach you that way."
NOBODY = "Say a name, a badge or a unit."


def described(words: str) -> dict[str, str]:
    """The description of a field in the OpenAPI document."""
    return {"description": words}


class Location(Strict):
    """Where it happened; any part of it may be left out."""

    lat = Degrees(90, metadata=described("WGS 84; together with lon."))
    lon = Degrees(180, metadata=described("WGS 84; together with lat."))
    address = Prose(500)
    district = fields.String(
        validate=Length(max=64),
        metadata=described("A district code. One the city does not know counts as unknown."),
    )

    def check(self, data: Mapping[str, Any]) -> None:
        """See Strict."""
        for given, other in (("lat", "lon"), ("lon", "lat")):
            if given in data and other not in data:
                raise ValidationError(fault("missing_coordinate", TOGETHER), other)


class Named(Strict):
    """A person it is about, as far as known."""

    name = Prose(200)
    badge = Prose(60)
    unit = Prose(120)

    def check(self, data: Mapping[str, Any]) -> None:
        """See Strict."""
        if not data:
            raise ValidationError(fault("nobody_named", NOBODY))


class Contact(Strict):
    """How to reach the writer. `by` defaults to the first that is given of text, email, post."""

    name = Prose(200)
    email = Email(metadata={"format": "email", "maxLength": LONGEST_EMAIL})
    address = Prose(500)
    by = one_of("sms", "email", "call", "post", "partner", "none")

    def check(self, data: Mapping[str, Any]) -> None:
        """See Strict."""
        missing = missing_for(data)
        if missing:
            raise ValidationError(fault(f"missing_{missing}", NEEDED), missing)


class Feedback(Strict):
    """What somebody wants us to know: a concern, a suggestion or thanks."""

    text = Prose(LONGEST_TEXT, required=True, metadata=described("What happened, in any language."))
    kind = one_of("concern", "suggestion", "thanks")
    language = Language(metadata=described("BCP 47; detected among the city's languages when absent."))
    location = fields.Nested(Location)
    about = one_of(
        "me",
        "my_child",
        "someone_in_custody",
        "someone_else",
        "place",
        metadata=described("Who it happened to; who writes is a question apart."),
    )
    anonymous = Truth(metadata=described("True together with a way to reach the writer is refused."))
    preferred_partner = one_of(
        "police",
        "partner",
        "either",
        metadata=described("partner: no police account opens it until the resident agrees."),
    )
    show_publicly = Truth(
        metadata=described(
            "Kept as false, whatever is sent, for conduct, retaliation, discrimination, unsure, "
            "and wherever a person, badge or unit is named."
        )
    )
    named_people = Few(fields.Nested(Named), MOST_PEOPLE)

    def check(self, data: Mapping[str, Any]) -> None:
        """See Strict."""
        contact = data.get("contact") or {}
        if data.get("anonymous") and any(contact.get(name) for name in IDENTIFYING):
            raise ValidationError(fault("contact_with_anonymous", DROP_ONE), "contact")


def partners(city: City) -> frozenset[str]:
    """Who can have brought somebody here."""
    return frozenset(code for code, each in city.organisations.items() if each.kind == "partner")


def feedback_schema(city: City, clock: Clock) -> Schema:
    """The body of POST /api/v1/feedback in this city. Make it once: making it costs more than using it."""
    contact = Contact.from_dict({"phone": Phone(city.country)}, name="Contact")
    choices = {"enum": sorted(city.categories)}
    local = {
        "category": Known(city.categories, "unknown_category", metadata=choices),
        "partner": Known(
            partners(city),
            "unknown_partner",
            metadata=described("The organisation whose page or poster brought the writer here."),
        ),
        "contact": fields.Nested(contact),
        "occurred_at": Occurrence(
            city.time_zone,
            clock,
            metadata=described("ISO 8601; a date alone, or no offset, is read in the city's time zone."),
        ),
    }
    return Feedback.from_dict(local, name="Feedback")()


class Receipt(Schema):
    """What is answered once the concern is on disk. The receipt is shown this once."""

    id = fields.UUID(required=True)
    receipt = fields.String(required=True, metadata={"pattern": r"^\d{4}-\d{4}-\d{4}-\d{4}$"})
    status_url = fields.Url(required=True)
    received_at = fields.AwareDateTime(required=True)
