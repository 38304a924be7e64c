"""What went out to residents and how it fared, published by notifications."""

from marshmallow import Schema, fields

from shared.events.catalogue.parts import moment, one_of


class DeliveryChanged(Schema):
    """A message to a resident was handed over, delivered, refused, or its fate is unknown."""

    message_id = fields.UUID(required=True, metadata={"description": "The message in notifications."})
    cause_id = fields.UUID(required=True, metadata={"description": "The reply, or the event, it carries."})
    channel = one_of("sms", "email", required=True)
    template = fields.String(required=True)
    status = one_of("accepted", "delivered", "undelivered", "failed", "unknown", "held", required=True)
    failure = fields.String(required=True, allow_none=True, metadata={"description": "Failure class."})
    at = moment("When.", required=True)


MESSAGES: dict[str, type[Schema]] = {"delivery.changed": DeliveryChanged}
