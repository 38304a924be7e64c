"""Schemas that read what is right in a third of the time, and leave what is wrong to marshmallow."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

MOST_KEYS = 100
_NOT_STRAIGHT = ValidationError("left to marshmallow")


Reader = tuple[str, Callable[[Any, str, Any], Any], Sequence[Callable[[Any], Any]]]


def _reader(name: str, field: fields.Field[Any]) -> Reader:
    """What marshmallow does to a value that is there and not null, without asking about it each time."""
    assert not (field.pre_load or field.post_load), f"{name} holds hooks"
    inner = field.schema if isinstance(field, fields.Nested) and not field.many else None
    if isinstance(inner, Strict):
        return name, inner._nested, field.validators
    return name, field._deserialize, field.validators


class Strict(Schema):
    """A schema whose fields hold no hooks; rules over several fields stand in `check`.

    Loading looks only at the keys that were sent. At the first doubt the document is read again by
    marshmallow, which gathers everything that is wrong.
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self._by_key = {field.data_key or name: _reader(name, field) for name, field in self.load_fields.items()}
        self._needed = {name for name, field in self.load_fields.items() if field.required}

    def check(self, data: Mapping[str, Any]) -> None:
        """Rules over several fields, once each of them is right. Raises ValidationError."""

    @validates_schema
    def _checked(self, data: Mapping[str, Any], **_more: Any) -> None:
        self.check(data)

    def load(self, data: Any, **more: Any) -> Any:
        """The document, with its values read. Raises ValidationError."""
        if not any(value is not None for value in more.values()):
            try:
                return self._straight(data)
            except ValidationError:
                pass
        return super().load(_first(data), **more)

    def _nested(self, data: Any, *_where: Any) -> dict[str, Any]:
        return self._straight(data)

    def _straight(self, data: Any) -> dict[str, Any]:
        if type(data) is not dict:
            raise _NOT_STRAIGHT
        loaded = {}
        for key, value in data.items():
            if value is None or key not in self._by_key:
                raise _NOT_STRAIGHT
            name, read, checks = self._by_key[key]
            loaded[name] = found = read(value, key, data)
            for check in checks:
                check(found)
        if not self._needed <= loaded.keys():
            raise _NOT_STRAIGHT
        self.check(loaded)
        return loaded


def _first(data: Any) -> Any:
    """As much of a refused document as is worth telling about: thousands of unknown keys are told by some."""
    if type(data) is not dict or len(data) <= MOST_KEYS:
        return data
    return dict(islice(data.items(), MOST_KEYS))
