"""Staff as other services need to know them, published by routing; the last one per person stays."""

from marshmallow import Schema, fields

from shared.events.catalogue.parts import moment, one_of

ROLES = ("liaison", "partner", "supervisor", "administrator", "oversight", "auditor")


class IssuedToken(Schema):
    """A staff token that is valid until it expires; only its hash is known."""

    hash = fields.String(required=True, metadata={"description": "Keyed hash, hexadecimal."})
    expires_at = moment("Until when it is valid.", required=True)


class PersonChanged(Schema):
    """The whole of what others may know of a member of staff; names stay in routing."""

    role = one_of(*ROLES, required=True)
    team = fields.String(required=True, allow_none=True)
    organisation = fields.String(required=True, allow_none=True)
    active = fields.Boolean(required=True)
    tokens = fields.List(fields.Nested(IssuedToken), required=True)


PEOPLE: dict[str, type[Schema]] = {"person.changed": PersonChanged}
