"""What residents say, published by intake."""

from marshmallow import Schema, fields

from shared.events.catalogue.parts import CHANNELS, moment, one_of, sealed, wrapped_key


class FeedbackReceived(Schema):
    """A resident told us something new; it becomes a case with the subject as its id."""

    kind = one_of("concern", "suggestion", "thanks", required=True)
    category = fields.String(required=True)
    language = fields.String(required=True, metadata={"description": "BCP 47; given or detected."})
    channel = one_of(*CHANNELS, required=True)
    district = fields.String(required=True, allow_none=True)
    about = one_of("me", "my_child", "someone_in_custody", "someone_else", "place", required=True, allow_none=True)
    anonymous = fields.Boolean(required=True)
    preferred_partner = one_of("police", "partner", "either", required=True)
    partner = fields.String(required=True, allow_none=True)
    names_person = fields.Boolean(required=True, metadata={"description": "A person, badge or unit is named."})
    show_publicly = fields.Boolean(required=True)
    contact_by = one_of("sms", "email", "call", "post", "partner", "none", required=True)
    quarantine = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it must be looked at first."}
    )
    received_at = moment("When intake had it on disk.", required=True)
    key = wrapped_key(required=True)
    sealed = sealed("text, location, occurred_at, contact, named_people", required=True)


class MessageReceived(Schema):
    """A resident wrote again about a case."""

    message_id = fields.UUID(required=True)
    channel = one_of(*CHANNELS, required=True)
    names_person = fields.Boolean(
        metadata={"description": "A person, badge or unit is named, or police conduct told; absent: no."}
    )
    received_at = moment("When intake had it on disk.", required=True)
    key = wrapped_key(required=True)
    sealed = sealed("text", required=True)


class ConsentChanged(Schema):
    """A phone number asked for texts to stop, start, or for help. The subject is the contact point in intake."""

    action = one_of("stop", "start", "help", "hold", required=True)
    channel = one_of("sms", required=True)
    contact_hash = fields.String(
        required=True, metadata={"description": "Keyed hash of the E.164 number, hexadecimal."}
    )
    cause = one_of("keyword", "free_text", required=True)
    received_at = moment("When intake had it on disk.", required=True)


FEEDBACK: dict[str, type[Schema]] = {
    "feedback.received": FeedbackReceived,
    "message.received": MessageReceived,
    "consent.changed": ConsentChanged,
}
