"""What programs get. These describe; the views write the same shapes themselves, for speed."""

from marshmallow import Schema, fields

from services.routing.domain.clocks import CLOCKS
from services.routing.domain.states import PUBLIC_STATES, STATES
from shared.events.catalogue.parts import one_of


def _code(about: str = "", *, null: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=null, metadata={"description": about} if about else {})


def _moment(*, null: bool = False) -> fields.DateTime:
    return fields.DateTime(required=True, allow_none=null)


class PersonName(Schema):
    """Somebody by name."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class PartnerName(Schema):
    """The community organisation that answers for the case."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class Case(Schema):
    """Where a case stands."""

    id = fields.UUID(required=True)
    reference = _code("To read out: K7-418-352.")
    kind = _code()
    category = _code()
    district = _code(null=True)
    language = _code()
    channel = _code()
    state = one_of(*STATES, required=True)
    public_state = one_of(*sorted(set(PUBLIC_STATES.values())), required=True)
    owner = fields.Nested(PersonName, required=True, allow_none=True)
    partner = fields.Nested(PartnerName, required=True, allow_none=True)
    team = _code(null=True)
    queue = _code("Where it waits while nobody owns it; the queue has an owner.", null=True)
    organisation = _code()
    pseudonym = _code("What the resident is called among staff.")
    received_at = _moment()
    first_response_due_at = _moment()
    first_responded_at = _moment(null=True)
    due_at = _moment(null=True)
    due_clock = one_of(*CLOCKS, required=True, allow_none=True)
    warn_at = _moment(null=True)
    overdue = fields.Boolean(required=True)
    outcome = _code(null=True)
    updated_at = _moment()
    sequence = fields.Integer(required=True, metadata={"description": "Goes into If-Match, in quotes."})


class Cases(Schema):
    """A page of cases."""

    items = fields.List(fields.Nested(Case), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class Said(Schema):
    """One thing that was said. `author` is null for the resident."""

    id = fields.UUID(required=True)
    kind = one_of("opening", "message", "reply", "sentence", "contact", "note", "reason", required=True)
    direction = one_of("in", "out", "internal", required=True)
    author = fields.String(required=True, allow_none=True)
    at = _moment()
    text = fields.String(required=True)
    channel = _code(null=True)
    delivery = _code(null=True)
    failure = _code(null=True)


class Story(Schema):
    """What was told at first, apart from the words."""

    about = _code(null=True)
    occurred_at = _code(null=True)
    location = fields.Raw(required=True, allow_none=True)
    named_people = fields.List(fields.Raw(), required=True)


class Clock(Schema):
    """One run of one clock. Paused: it stands still. Stopped: it was done. Ended: it is owed no more."""

    clock = one_of(*CLOCKS, required=True)
    cycle = fields.Integer(required=True)
    owner = _code("Acceptance: whose.", null=True)
    started_at = _moment()
    warn_at = _moment()
    due_at = _moment()
    paused_at = _moment(null=True)
    stopped_at = _moment(null=True)
    ended_at = _moment(null=True)


class OpenedCase(Case):
    """A case with its conversation."""

    story = fields.Nested(Story, required=True)
    conversation = fields.List(fields.Nested(Said), required=True)
    clocks = fields.List(fields.Nested(Clock), required=True)
    next_states = fields.List(fields.String(), required=True)


class Certificate(Schema):
    """Why this owner: rules, facts, every candidate kept or left out. `earlier` are those before."""

    rules = _code()
    version = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of the rules; null: a person decided."}
    )
    rule = _code()
    facts = fields.Dict(required=True)
    organisation = _code()
    team = _code(null=True)
    queue = _code(null=True)
    owner_id = fields.UUID(required=True, allow_none=True)
    state = _code()
    candidates = fields.List(fields.Dict(), required=True)
    skill = _code("The skill the rule asked for.", null=True)
    priority = fields.Integer(required=True)
    policy = _code("The promise the rule asked for.", null=True)
    continuity = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Who owned this resident's last case."}
    )
    beyond = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "For oversight: the queues and bodies its wall closes."},
    )
    roster = _code("Digest of the people it was decided with.")
    sentences = fields.List(
        fields.String(), required=True, metadata={"description": "The whole of it, as it is told to a person."}
    )
    arrangement = _code("Digest of the city's teams and queues it was decided with.")
    sentence = _code()
    at = _moment()
    sequence = fields.Integer(required=True)
    earlier = fields.List(fields.Dict(), required=True)


class Step(Schema):
    """One event of a case. `actor` is null when rules, time or the resident did it."""

    sequence = fields.Integer(required=True)
    type = _code()
    at = _moment()
    actor = fields.Nested(PersonName, required=True, allow_none=True)
    data = fields.Dict(required=True)


class Steps(Schema):
    """The whole history of a case."""

    items = fields.List(fields.Nested(Step), required=True)


class Colleague(PersonName):
    """Somebody by name and place."""

    login = _code()
    role = _code()
    team = _code(null=True)
    organisation = _code(null=True)
    languages = fields.List(fields.String(), required=True)
    available = fields.Boolean(required=True)


class Colleagues(Schema):
    """Who works here, as far as the caller may know."""

    items = fields.List(fields.Nested(Colleague), required=True)


class Team(Schema):
    """People who share work."""

    code = _code()
    name = _code()
    organisation = _code()


class Teams(Schema):
    """The teams of the caller's organisation; of all for those who see everything."""

    items = fields.List(fields.Nested(Team), required=True)


class Me(PersonName):
    """The caller, and what the role may do."""

    login = _code()
    role = _code()
    team = _code(null=True)
    organisation = _code(null=True)
    unit = _code(null=True)
    languages = fields.List(fields.String(), required=True)
    queues = fields.List(fields.String(), required=True)
    rights = fields.List(fields.String(), required=True)


class ResponseTime(Schema):
    """One group. Seconds; null where nothing was answered or nothing promised has come due."""

    key = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    count = fields.Integer(required=True)
    answered = fields.Integer(required=True)
    kept = fields.Integer(required=True, metadata={"description": "Answered within the promise."})
    owed = fields.Integer(required=True, metadata={"description": "Answered, or promised and past due."})
    median_s = fields.Float(required=True, allow_none=True)
    p90_s = fields.Float(required=True, allow_none=True)
    compliance = fields.Float(required=True, allow_none=True)
    open_overdue = fields.Integer(required=True)


class ResponseTimes(Schema):
    """First human responses of the cohort received in the span."""

    items = fields.List(fields.Nested(ResponseTime), required=True)
