"""What happens to a case, published by routing."""

from marshmallow import Schema, fields

from shared.events.catalogue.parts import CHANNELS, PUBLIC_STATES, STATES, moment, one_of, sealed, wrapped_key


class Ownership(Schema):
    """Who answers for a case: one person, or a named queue that has an owner."""

    owner_id = fields.UUID(required=True, allow_none=True)
    team = fields.String(required=True, allow_none=True)
    queue = fields.String(required=True, allow_none=True)
    organisation = fields.String(required=True)


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
    first_response_due_at = moment("Until when a person answers.", required=True)
    opened_at = moment("When the case was opened.", required=True)


class CaseAssigned(Ownership):
    """A case changed hands."""

    by = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The person who did it; null: the rules."}
    )
    reason = fields.String(required=True)
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
    at = moment("When.", required=True)
    key = wrapped_key(required=True)
    sealed = sealed("text", required=True)


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


class ResponseOverdue(Schema):
    """A promised moment passed without an answer."""

    clock = one_of("first_response", required=True)
    due_at = moment("What was promised.", required=True)
    late_by_s = fields.Float(required=True, metadata={"description": "Seconds between promise and notice."})


CASES: dict[str, type[Schema]] = {
    "case.opened": CaseOpened,
    "case.assigned": CaseAssigned,
    "state.changed": StateChanged,
    "reply.written": ReplyWritten,
    "note.added": NoteAdded,
    "message.recorded": MessageRecorded,
    "response.overdue": ResponseOverdue,
}
