"""Fields that several events share."""

from typing import Any

from marshmallow import fields, validate

CHANNELS = ("web", "api", "sms", "import", "open311", "phone", "letter", "walk-in", "email")
STATES = (
    "new", "quarantined", "in_review", "assigned", "in_progress", "waiting_on_resident",
    "in_mediation", "referred", "resolved", "closed",
)  # fmt: skip
PUBLIC_STATES = ("received", "with_a_person", "asked_you", "answered", "closed", "referred")


def one_of(*values: str, **more: Any) -> fields.String:
    """A word from a closed list."""
    return fields.String(validate=validate.OneOf(values), **more)


def moment(about: str, **more: Any) -> fields.DateTime:
    """An ISO 8601 moment with offset."""
    return fields.DateTime(format="iso", metadata={"description": about}, **more)


def sealed(about: str, **more: Any) -> fields.String:
    """Base64 of a value sealed with the item's key."""
    return fields.String(metadata={"description": f"Sealed with the item's key (base64): {about}"}, **more)


def wrapped_key(**more: Any) -> fields.String:
    """Base64 of the item's key, wrapped."""
    return fields.String(
        metadata={"description": "The item's key, wrapped by the installation's key (base64)."}, **more
    )
