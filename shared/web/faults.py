"""What is wrong with a value: a stable code and words in the reader's language. Knows no web framework.

Schemas raise `ValidationError(fault("invalid_phone", "This is not a phone number."))`; marshmallow's own
messages get their codes here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validate


class Fault(str):
    """A message that remembers its code, its words before translation and what was filled in."""

    code: str
    words: str
    filled: Mapping[str, Any]
    __slots__ = ("code", "filled", "words")

    def format(self, *_args: object, **known: object) -> "Fault":
        """What marshmallow calls to fill in a validator's limits; the code must survive it."""
        return fault(self.code, self.words, **{**known, **self.filled})


def fault(code: str, words: str, /, **filled: object) -> Fault:
    """A message with a code. `words` is the English text with `%(name)s` places; it is what is translated."""
    try:
        text = words % filled
    except KeyError:  # a validator fills the places later
        text = words
    made = Fault(text)
    made.code, made.words, made.filled = code, words, filled
    return made


@dataclass(frozen=True, slots=True)
class FaultAt:
    """A fault and where it is: an RFC 6901 pointer into the body (or the name of a parameter)."""

    pointer: str
    fault: Fault


class Length(validate.Length):
    """marshmallow's Length, telling too short from too long."""

    def __call__(self, value: Any) -> Any:
        """The value. Raises ValidationError."""
        if self.max is not None and len(value) > self.max:
            raise ValidationError(self.error or fault("too_long", TOO_LONG, max=self.max))
        if self.min is not None and len(value) < self.min:
            raise ValidationError(self.error or fault("too_short", TOO_SHORT, min=self.min))
        return super().__call__(value)


# The English texts are the keys of the catalogues.
REQUIRED = "This is needed."
NULL = "This may not be null."
UNKNOWN = "This field is not known here."
TOO_LONG = "This is longer than %(max)s."
TOO_SHORT = "This is shorter than %(min)s."
LENGTH = "The length must lie between %(min)s and %(max)s."
CHOICE = "This must be one of: %(choices)s."
RANGE = "This must lie between %(min)s and %(max)s."
AT_LEAST = "This must be at least %(min)s."
AT_MOST = "This must be at most %(max)s."
TYPE = "This has the wrong type."
NUMBER = "This is not a number."
DATE = "This is not a date or time."
EMAIL = "This is not an email address."
URL = "This is not a web address."
UUID = "This is not an identifier."
PATTERN = "This does not have the expected form."
UNSTORABLE = "This contains a character that cannot be kept (NUL or half of a pair)."


def _of(field: type[fields.Field[Any]], key: str) -> str:
    return next(
        str(known[key]) for kind in field.__mro__ if key in (known := getattr(kind, "default_error_messages", {}))
    )


# marshmallow's templates, most special first: a code and our words for each.
BUILT_IN: Sequence[tuple[str, str, str]] = (
    (_of(fields.Field, "required"), "required", REQUIRED),
    (_of(fields.Field, "null"), "null", NULL),
    ("Unknown field.", "unknown_field", UNKNOWN),
    ("Invalid input type.", "invalid_type", TYPE),
    (validate.Length.message_min, "too_short", TOO_SHORT),
    (validate.Length.message_max, "too_long", TOO_LONG),
    (validate.Length.message_all, "invalid_length", LENGTH),
    (validate.OneOf.default_message, "invalid_choice", CHOICE),
    (validate.ContainsOnly.default_message, "invalid_choice", CHOICE),
    (_of(fields.Enum, "unknown"), "invalid_choice", CHOICE),
    ("Must be greater than or equal to {min} and less than or equal to {max}.", "out_of_range", RANGE),
    ("Must be greater than or equal to {min}.", "out_of_range", AT_LEAST),
    ("Must be less than or equal to {max}.", "out_of_range", AT_MOST),
    (_of(fields.String, "invalid"), "invalid_type", TYPE),
    (_of(fields.Boolean, "invalid"), "invalid_type", TYPE),
    (_of(fields.List, "invalid"), "invalid_type", TYPE),
    (_of(fields.Nested, "type"), "invalid_type", TYPE),
    (_of(fields.Mapping, "invalid"), "invalid_type", TYPE),
    (_of(fields.Float, "special"), "invalid_number", NUMBER),
    (_of(fields.Float, "invalid"), "invalid_number", NUMBER),
    (_of(fields.Float, "too_large"), "invalid_number", NUMBER),
    (_of(fields.Integer, "invalid"), "invalid_number", NUMBER),
    ("Not a valid datetime.", "invalid_date", DATE),
    ("Not a valid naive datetime.", "invalid_date", DATE),
    ("Not a valid aware datetime.", "invalid_date", DATE),
    ("Not a valid date.", "invalid_date", DATE),
    ("Not a valid time.", "invalid_date", DATE),
    (_of(fields.UUID, "invalid_uuid"), "invalid_uuid", UUID),
    (validate.Email.default_message, "invalid_email", EMAIL),
    (validate.URL.default_message, "invalid_url", URL),
    (validate.Regexp.default_message, "invalid_form", PATTERN),
)


def _pattern(template: str) -> re.Pattern[str]:
    """Match a filled-in template and get back what was filled in."""
    parts = re.split(r"\{(\w+)\}", template)
    expression = "".join(
        f"(?P<{part}>.*)" if odd else re.escape(part)
        for odd, part in ((i % 2, part) for i, part in enumerate(parts))
    )
    return re.compile(expression, re.DOTALL)


_BY_PATTERN = [(_pattern(template), code, words) for template, code, words in BUILT_IN]


def as_fault(message: str) -> Fault:
    """Any message of marshmallow or of our own schemas with a code; an unknown one is `invalid`."""
    if isinstance(message, Fault):
        return message
    for pattern, code, words in _BY_PATTERN:
        if match := pattern.fullmatch(message):
            return fault(code, words, **match.groupdict())
    return fault("invalid", message.replace("%", "%%"))


def pointer(*steps: object) -> str:
    """The steps as an RFC 6901 pointer; characters no answer can carry are replaced."""
    return "".join("/" + _storable(str(step)).replace("~", "~0").replace("/", "~1") for step in steps)


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "�")


def faults_of(error: ValidationError) -> list[FaultAt]:
    """Every fault of a refused document, in the order of its fields."""
    return list(_walk(error.messages, ()))


def _walk(messages: Any, path: tuple[object, ...]) -> Iterator[FaultAt]:
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            # marshmallow files what concerns a whole object under "_schema".
            yield from _walk(value, path if key == "_schema" else (*path, key))
    elif isinstance(messages, (list, tuple)):
        for value in messages:
            yield from _walk(value, path)
    else:
        yield FaultAt(pointer(*path), as_fault(messages if isinstance(messages, str) else str(messages)))
