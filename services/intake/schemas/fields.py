"""Fields that are as strict as a contract: a number is no text, a moment is plausible, a phone number can ring."""

import unicodedata
from collections.abc import Container
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError, fields
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from services.intake.domain.languages import canonical
from services.intake.domain.occurrence import ImplausibleMoment, moment_of
from shared.clock import Clock
from shared.web.faults import DATE, EMAIL, NUMBER, RANGE, TOO_LONG, TYPE, Fault, fault

LONGEST_EMAIL = 254
LONGEST_TAG = 35

BLANK = "Nothing is written here."
NO_PHONE = "This is not a phone number we can reach. Write it with its area code."
NO_LANGUAGE = "This is not a language tag, such as en or es-MX."
FUTURE = "This lies in the future."
PAST = "This lies too far back."
UNKNOWN = "This is not known here."

#: CLDR's names of languages: what counts as a language.
_LANGUAGES = frozenset(Locale("en").languages)


class Prose(fields.String):
    """Written words: composed (Unicode NFC) and otherwise as they were sent. Blank ones are refused."""

    def __init__(self, longest: int, **more: Any) -> None:
        super().__init__(**more)
        self.longest = longest
        self.metadata = {"minLength": 1, "maxLength": longest, **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **more)
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        if len(text) > self.longest:
            raise ValidationError(fault("too_long", TOO_LONG, max=self.longest))
        if not text.strip():
            raise ValidationError(fault("blank", BLANK))
        return text


class Truth(fields.Boolean):
    """true or false, and nothing that only resembles them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(fault("invalid_type", TYPE))
        return value


class Degrees(fields.Float):
    """A JSON number between -limit and +limit."""

    def __init__(self, limit: float, **more: Any) -> None:
        super().__init__(**more)
        self.limit = limit
        self.metadata = {"minimum": -limit, "maximum": limit, **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError(fault("invalid_number", NUMBER))
        if not -self.limit <= value <= self.limit:
            raise ValidationError(fault("out_of_range", RANGE, min=-self.limit, max=self.limit))
        return float(value)


class Known(fields.String):
    """A code the city knows."""

    def __init__(self, codes: Container[str], code: str, **more: Any) -> None:
        super().__init__(**more)
        self.codes = codes
        self.unknown = fault(code, UNKNOWN)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **more)
        if text not in self.codes:
            raise ValidationError(self.unknown)
        return text


class Language(fields.String):
    """A BCP 47 tag in its usual case."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        tag = canonical(super()._deserialize(value, attr, data, **more)[: LONGEST_TAG + 1])
        if tag is None or len(tag) > LONGEST_TAG or tag.partition("-")[0] not in _LANGUAGES:
            raise ValidationError(fault("invalid_language", NO_LANGUAGE))
        return tag


class Phone(fields.String):
    """A phone number, kept in E.164; without a country it is the city's."""

    def __init__(self, country: str, **more: Any) -> None:
        super().__init__(**more)
        self.country = country

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **more)
        try:
            number = phonenumbers.parse(text[:60], self.country)
        except NumberParseException:
            raise ValidationError(fault("invalid_phone", NO_PHONE)) from None
        # Possible, not "valid": the tables of assigned numbers are always behind.
        if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
            raise ValidationError(fault("invalid_phone", NO_PHONE))
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)


class Email(fields.String):
    """An address as RFC 5321 has it; nobody is asked whether it exists."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **more)
        if len(text) > LONGEST_EMAIL:
            raise ValidationError(fault("too_long", TOO_LONG, max=LONGEST_EMAIL))
        try:
            return validate_email(text.strip(), check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValidationError(fault("invalid_email", EMAIL)) from None


class Few(fields.List[Any]):
    """A list that is counted before any of it is read."""

    def __init__(self, inner: fields.Field[Any], most: int, **more: Any) -> None:
        super().__init__(inner, **more)
        self.most = most
        self.metadata = {"maxItems": most, **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            raise ValidationError(fault("too_long", TOO_LONG, max=self.most))
        found: list[Any] = super()._deserialize(value, attr, data, **more)
        return found


class Occurrence(fields.String):
    """When it happened: ISO 8601; a date alone or a moment without offset is read in the city's zone."""

    def __init__(self, zone: ZoneInfo, clock: Clock, **more: Any) -> None:
        super().__init__(**more)
        self.zone = zone
        self.clock = clock

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:  # type: ignore[override]
        text: str = super()._deserialize(value, attr, data, **more)
        try:
            return moment_of(text, self.zone, self.clock.now())
        except ImplausibleMoment as implausible:
            raise ValidationError(_IMPLAUSIBLE[str(implausible)]) from None
        except (ValueError, OverflowError):
            raise ValidationError(fault("invalid_date", DATE)) from None


_IMPLAUSIBLE: dict[str, Fault] = {"future": fault("in_the_future", FUTURE), "past": fault("too_long_ago", PAST)}
