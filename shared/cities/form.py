"""The form of city.toml: which tables and fields it has, and what each may hold."""

import re
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from shared.cities.policies import TELLS
from shared.cities.walls import WallsForm
from shared.events.catalogue.people import ROLES

FORMAT = 1
KINDS = ("police", "partner", "oversight")
CODE = validate.Regexp(
    re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z"), error="must be lower-case letters, digits and dashes"
)
LANGUAGE = validate.Regexp(re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z"), error="is no BCP 47 language tag")
LOGIN = validate.Regexp(
    re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z"), error="must be lower-case letters, digits, . _ -"
)
FILLED = validate.Length(min=1, error="must not be empty")


def _known_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError("is no IANA time zone, such as America/New_York")


def _code() -> fields.String:
    return fields.String(required=True, validate=CODE)


def _labels() -> Any:
    return fields.Dict(keys=fields.String(validate=LANGUAGE), values=fields.String(validate=FILLED), required=True)


class _Day(fields.String):
    """A day as TOML writes the name of a field: 2026-12-24."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        try:
            return date.fromisoformat(super()._deserialize(value, attr, data, **more))
        except ValueError:
            raise ValidationError("must be a day such as 2026-12-24") from None


def _codes() -> Any:
    return fields.List(fields.String(validate=FILLED), load_default=[])


class CategoryForm(Schema):
    """[[category]]"""

    code = _code()
    label = _labels()
    hint = _labels()
    guarded = fields.Boolean(load_default=False)
    safety = fields.Boolean(load_default=False)
    publishable = fields.Boolean(load_default=False)


class OrganisationForm(Schema):
    """[[organisation]]"""

    code = _code()
    kind = fields.String(required=True, validate=validate.OneOf(KINDS, error="must be one of {choices}"))
    label = _labels()


class TeamForm(Schema):
    """[[team]]"""

    code = _code()
    organisation = fields.String(required=True)
    label = _labels()
    categories = _codes()
    districts = _codes()


class QueueForm(Schema):
    """[[queue]]"""

    code = _code()
    organisation = fields.String(required=True)
    owner = fields.String(required=True, validate=LOGIN)
    label = _labels()


def _hours(**more: Any) -> fields.Float:
    hours = validate.Range(min=0, min_inclusive=False, max=8760, error="must be hours, above 0 and up to 8760")
    return fields.Float(validate=hours, **more)


class CalendarForm(Schema):
    """[[calendar]]"""

    code = _code()
    opening_hours = fields.String(required=True, validate=FILLED)
    time_zone = fields.String(load_default=None, validate=_known_zone)
    holidays = fields.String(load_default=None, validate=FILLED)
    days = fields.Dict(keys=_Day(), values=fields.String(validate=FILLED), load_default={})


class RungForm(Schema):
    """One rung of a ladder"""

    after_hours = fields.Float(
        load_default=0.0, validate=validate.Range(min=0, max=8760, error="must be hours, 0 up to 8760")
    )
    tell = fields.String(required=True, validate=validate.OneOf(TELLS, error="must be one of {choices}"))


class PolicyForm(Schema):
    """[[policy]]"""

    code = _code()
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, error="must be 1 or more"))
    priority = fields.Integer(required=True, strict=True)
    calendar = fields.String(load_default=None)
    first_response_hours = _hours(required=True)
    next_response_hours = _hours(load_default=None)
    resolution_hours = _hours(load_default=None)
    acceptance_hours = _hours(load_default=None)
    warning_share = fields.Float(
        load_default=0.75,
        validate=validate.Range(0, 1, min_inclusive=False, max_inclusive=False, error="must be between 0 and 1"),
    )
    ladder = fields.List(fields.Nested(RungForm), load_default=[], validate=validate.Length(max=8))
    categories = _codes()
    kinds = _codes()
    districts = _codes()
    languages = _codes()
    channels = _codes()


class WordsForm(Schema):
    """[words.LANGUAGE]"""

    titles = _codes()
    badges = _codes()
    conduct = _codes()
    police = _codes()
    acts = _codes()


class StaffForm(Schema):
    """[[staff]]"""

    login = fields.String(required=True, validate=LOGIN)
    name = fields.String(required=True, validate=FILLED)
    role = fields.String(required=True, validate=validate.OneOf(ROLES, error="must be one of {choices}"))
    team = fields.String(load_default=None)
    unit = fields.String(load_default=None)
    badge = fields.String(load_default=None)
    reports_to = fields.String(load_default=None)
    languages = fields.List(fields.String(validate=LANGUAGE), required=True, validate=FILLED)


class CityForm(Schema):
    """The whole file."""

    format = fields.Integer(required=True, validate=validate.Equal(FORMAT, error="must be {other}"))
    code = _code()
    name = _labels()
    country = fields.String(
        required=True, validate=validate.Regexp(re.compile(r"[A-Z]{2}\Z"), error="must be two capital letters")
    )
    time_zone = fields.String(required=True, validate=_known_zone)
    languages = fields.List(fields.String(validate=LANGUAGE), required=True, validate=FILLED)
    emergency_number = fields.String(
        required=True, validate=validate.Regexp(re.compile(r"[0-9]{2,6}\Z"), error="must be digits")
    )
    category = fields.List(fields.Nested(CategoryForm), required=True, validate=FILLED)
    organisation = fields.List(fields.Nested(OrganisationForm), required=True, validate=FILLED)
    team = fields.List(fields.Nested(TeamForm), required=True, validate=FILLED)
    queue = fields.List(fields.Nested(QueueForm), required=True, validate=FILLED)
    calendar = fields.List(fields.Nested(CalendarForm), load_default=[])
    policy = fields.List(fields.Nested(PolicyForm), required=True, validate=FILLED)
    classifications = fields.Dict(keys=fields.String(), values=fields.String(), load_default={})
    words = fields.Dict(keys=fields.String(validate=LANGUAGE), values=fields.Nested(WordsForm), load_default={})
    walls = fields.Nested(WallsForm, load_default=None)
    staff = fields.List(fields.Nested(StaffForm), load_default=[])


def problems_of(messages: Any, raw: Any, place: str = "") -> list[str]:
    """A marshmallow error tree as sentences; entries of a list are called by their code or login.

    >>> problems_of({"country": ["must be two capital letters"]}, {})
    ['country must be two capital letters']
    """
    if isinstance(messages, list):
        return [f"{place} {_sentence(str(message))}" for message in messages]
    found: list[str] = []
    for key, below in messages.items():
        if key in ("key", "value") and not isinstance(raw, dict | list):
            found += problems_of(below, raw, place)
        else:
            found += problems_of(below, _below(raw, key), _place(place, key, raw))
    return found


def _below(raw: Any, key: Any) -> Any:
    try:
        return raw[key]
    except (KeyError, IndexError, TypeError):
        return None


def _place(place: str, key: Any, raw: Any) -> str:
    if isinstance(key, int):
        entry = _below(raw, key)
        name = (entry.get("code") or entry.get("login")) if isinstance(entry, dict) else None
        return f"{place} {name or f'number {key + 1}'}"
    return f"{place}: {key}" if place else str(key)


def _sentence(message: str) -> str:
    known = {
        "Missing data for required field.": "is missing",
        "Unknown field.": "is not a known field",
        "Not a valid string.": "must be text in quotes",
        "Not a valid integer.": "must be a whole number",
        "Not a valid number.": "must be a number",
        "Not a valid boolean.": "must be true or false",
        "Not a valid list.": "must be a list in brackets",
        "Not a valid mapping type.": 'must be a table such as { en = "…", es = "…" }',
        "Invalid input type.": "must be a table",
        "Field may not be null.": "must not be empty",
    }
    return known.get(message, message)
