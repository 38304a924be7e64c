"""What happens to a case, published by routing."""

from marshmallow import Schema, fields

from shared.events.catalogue.parts import CHANNELS, PUBLIC_STATES, STATES, moment, one_of, sealed, wrapped_key

CLOCKS = ("first_response", "next_response", "resolution", "acceptance")
WAYS = ("call", "visit", "letter")
CONTACT_OUTCOMES = ("reached", "missed")


class Ownership(Schema):
    """Who answers for a case: one person, or a named queue that has an owner."""

    owner_id = fields.UUID(required=True, allow_none=True)
    team = fields.String(required=True, allow_none=True)
    queue = fields.String(required=True, allow_none=True)
    organisation = fields.String(required=True)
    joint_owner_ids = fields.List(
        fields.UUID(), metadata={"description": "In joint cases the other owners, each of whom takes it up."}
    )


class CaseOpened(Ownership):
    """A concern became a case, with its first owner and the promise made to the resident."""

    reference = fields.String(required=True)
    kind = fields.String(required=True)
    category = fields.String(required=True)
    district = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    channel = one_of(*CHANNELS, required=True)
    state = one_of(*STATES, required=True)
    public_state = one_of(*PUBLIC_STATES, required=True)
    policy = fields.String(required=True)
    policy_version = fields.Integer(required=True)
    terms = fields.String(metadata={"description": "Pins the spans, the calendar and the ladder of the policy."})
    first_response_due_at = moment("Until when a person answers.", required=True)
    opened_at = moment("When the case was opened.", required=True)


class CaseAssigned(Ownership):
    """A case changed hands."""

    by = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The person who did it; null: the rules."}
    )
    reason = fields.String(required=True)
    at = moment("When.", required=True)


class CaseAccepted(Schema):
    """An owner took a case up, in a state that tells of it in no other way."""

    owner_id = fields.UUID(required=True)
    at = moment("When.", required=True)


class StateChanged(Schema):
    """A case moved from one state to another."""

    from_state = one_of(*STATES, required=True)
    to_state = one_of(*STATES, required=True)
    public_state = one_of(*PUBLIC_STATES, required=True)
    by = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    at = moment("When.", required=True)
    key = wrapped_key(required=True, allow_none=True)
    sealed = sealed("sentence to the resident", required=True, allow_none=True)


class ReplyWritten(Schema):
    """A person answered the resident."""

    message_id = fields.UUID(required=True)
    by = fields.UUID(required=True)
    public_state = one_of(*PUBLIC_STATES, required=True)
    template_only = fields.Boolean(metadata={"description": "Nothing but a template: answers nobody."})
    bulk = fields.Boolean(metadata={"description": "The same words to many: answers nobody."})
    at = moment("When.", required=True)
    key = wrapped_key(required=True)
    sealed = sealed("text", required=True)


class ContactLogged(Schema):
    """A person called, visited or wrote a letter. Only what reached the resident answers them."""

    contact_id = fields.UUID(required=True)
    way = one_of(*WAYS, required=True)
    outcome = one_of(*CONTACT_OUTCOMES, required=True)
    by = fields.UUID(required=True)
    at = moment("When.", required=True)


class DeliveryRecorded(Schema):
    """Words to the resident did not arrive, so they count as never said; or they arrived later after all."""

    said_at = fields.Integer(required=True, metadata={"description": "The sequence of the step that said them."})
    message_id = fields.UUID(required=True)
    channel = fields.String(required=True, allow_none=True)
    status = one_of("accepted", "delivered", "undelivered", "failed", "held", required=True)
    failure = fields.String(required=True, allow_none=True, metadata={"description": "Failure class."})
    at = moment("When.", required=True)


class NoteAdded(Schema):
    """Staff noted something among themselves; the words stay in routing."""

    note_id = fields.UUID(required=True)
    by = fields.UUID(required=True)
    at = moment("When.", required=True)


class MessageRecorded(Schema):
    """What the resident wrote stands in the case's conversation."""

    message_id = fields.UUID(required=True)
    channel = one_of(*CHANNELS, required=True)
    at = moment("When.", required=True)


class Running(Schema):
    """One run of one of a case's clocks."""

    clock = one_of(*CLOCKS, required=True)
    cycle = fields.Integer(metadata={"description": "Which run of the clock, from 1."})
    started_at = moment("Since when it runs.")
    due_at = moment("What was promised.", required=True)


class ResponseWarned(Running):
    """A promised moment comes near."""


class ResponseOverdue(Running):
    """A promised moment passed, and what was promised was not done."""

    late_by_s = fields.Float(required=True, metadata={"description": "Seconds between promise and notice."})


class ResponseEscalated(Running):
    """Somebody was told of a broken promise: a rung of the ladder, without those whom the case must not reach."""

    rung = fields.Integer(required=True, metadata={"description": "Which rung of the ladder, from 0."})
    tell = fields.String(required=True, metadata={"description": "Whose place it is; empty: nobody is left."})
    told = fields.List(fields.UUID(), required=True)
    late_by_s = fields.Float(required=True, metadata={"description": "Seconds between promise and notice."})


CASES: dict[str, type[Schema]] = {
    "case.opened": CaseOpened,
    "case.assigned": CaseAssigned,
    "case.accepted": CaseAccepted,
    "state.changed": StateChanged,
    "reply.written": ReplyWritten,
    "contact.logged": ContactLogged,
    "delivery.recorded": DeliveryRecorded,
    "note.added": NoteAdded,
    "message.recorded": MessageRecorded,
    "response.warned": ResponseWarned,
    "response.overdue": ResponseOverdue,
    "response.escalated": ResponseEscalated,
}
