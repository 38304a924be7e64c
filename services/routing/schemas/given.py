"""What programs send."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, validate

from services.routing.domain.boxes import BOXES, GROUPS, LONGEST_PAGE
from services.routing.domain.clocks import CONTACT_OUTCOMES, WAYS
from services.routing.domain.states import FINDINGS, OUTCOMES, STATES
from services.routing.domain.walls.subjects import RELATIONS
from shared.web.faults import DATE, Length, fault

CODE = Length(max=80)


class BoxQuery(Schema):
    """Which cases."""

    box = fields.String(load_default="all", validate=validate.OneOf(BOXES))
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    category = fields.String(load_default=None, validate=CODE)
    district = fields.String(load_default=None, validate=CODE)
    language = fields.String(load_default=None, validate=CODE)
    channel = fields.String(load_default=None, validate=CODE)
    q = fields.String(load_default=None, validate=CODE, metadata={"description": "A reference, or its beginning."})
    cursor = fields.String(load_default=None, validate=Length(max=400))
    limit = fields.Integer(load_default=50, strict=False, validate=validate.Range(1, LONGEST_PAGE))


class Words(Schema):
    """Something written."""

    text = fields.String(required=True, validate=Length(min=1, max=10_000))


class NewContact(Schema):
    """A call, a visit or a letter, and whether it reached the resident."""

    way = fields.String(required=True, validate=validate.OneOf(WAYS))
    outcome = fields.String(required=True, validate=validate.OneOf(CONTACT_OUTCOMES))
    text = fields.String(load_default="", validate=Length(max=10_000))


class Reason(Schema):
    """Why."""

    reason = fields.String(required=True, validate=Length(min=1, max=1_000))


class Naming(Schema):
    """Whom a case is about or near to: at least one of name, badge and unit."""

    name = fields.String(load_default="", validate=Length(max=200))
    badge = fields.String(load_default="", validate=Length(max=200))
    unit = fields.String(load_default="", validate=Length(max=200), metadata={"description": "Or organisation."})
    relation = fields.String(load_default="about", validate=validate.OneOf(RELATIONS))


class NewOwner(Reason):
    """Who shall own the case, and why."""

    owner_id = fields.UUID(required=True)


#: What people call an outcome, where its code is shorter.
ALSO_CALLED = {"no_action_and_why": "no_action"}


class Outcome(fields.String):
    """The code of an outcome; its words with spaces mean the same, such as "action taken"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        code = "_".join(super()._deserialize(value, attr, data, **more).split())
        return ALSO_CALLED.get(code, code)


class NewState(Schema):
    """The next state. `resolved` needs an outcome and a sentence to the resident; closing what nobody resolved
    needs a reason.
    """

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = fields.String(load_default=None, validate=Length(min=1, max=1_000))
    outcome = Outcome(load_default=None, validate=validate.OneOf((*OUTCOMES, *FINDINGS)))
    sentence = fields.String(load_default=None, validate=Length(min=1, max=1_000))


class Moment(fields.String):
    """ISO 8601; a date alone, or a moment without offset, is read in the city's zone."""

    def __init__(self, zone: ZoneInfo, **more: Any) -> None:
        super().__init__(**more)
        self.zone = zone

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:  # type: ignore[override]
        text: str = super()._deserialize(value, attr, data, **more)
        try:
            moment = datetime.fromisoformat(text)
            if len(text) <= len("2026-11-20"):
                moment = datetime.combine(moment.date(), time(), self.zone)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
            return moment.astimezone(UTC)  # at the ends of the calendar this has no room
        except (ValueError, OverflowError):
            raise ValidationError(fault("invalid_date", DATE)) from None


def span_query(zone: ZoneInfo) -> Schema:
    """Which cohort, and how it is grouped."""
    known: Mapping[str, fields.Field[Any]] = {
        "from": Moment(zone, load_default=None, data_key="from", metadata={"format": "date-time"}),
        "to": Moment(zone, load_default=None, data_key="to", metadata={"format": "date-time"}),
        "by": fields.String(load_default=None, validate=validate.OneOf(GROUPS)),
    }
    return Schema.from_dict(dict(known), name="SpanQuery")()
