"""What a receipt opens, and what may be written back."""

from marshmallow import Schema, fields

from services.intake.schemas.feedback import LONGEST_TEXT
from services.intake.schemas.fields import Prose
from services.intake.schemas.strict import Strict
from shared.events.catalogue.parts import PUBLIC_STATES, one_of


class Change(Schema):
    """A state and since when it holds."""

    at = fields.AwareDateTime(required=True)
    state = one_of(*PUBLIC_STATES, required=True)


class Turn(Schema):
    """One side's words."""

    at = fields.AwareDateTime(required=True)
    from_ = fields.String(required=True, data_key="from", metadata={"enum": ["you", "us"]})
    text = fields.String(required=True)


class Status(Schema):
    """A concern as its resident sees it. `sequence` grows with every change."""

    state = one_of(*PUBLIC_STATES, required=True)
    history = fields.List(fields.Nested(Change), required=True)
    messages = fields.List(fields.Nested(Turn), required=True)
    sequence = fields.Integer(required=True)


class Message(Strict):
    """What the resident writes back."""

    text = Prose(LONGEST_TEXT, required=True)


class Written(Schema):
    """The message is on disk."""

    id = fields.UUID(required=True)


class Category(Schema):
    """What a concern can be about."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    hint = fields.String(required=True)
    publishable = fields.Boolean(required=True)


class Categories(Schema):
    """All of them, in the language asked for."""

    items = fields.List(fields.Nested(Category), required=True)
