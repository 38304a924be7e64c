"""What a city decides about walls: how far up they reach, who judges from outside, what units are also called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, fields, validate


@dataclass(frozen=True, slots=True)
class Walls:
    """`depth`: how many steps of the chain above somebody named are kept out. `outside`: the organisation that
    takes what is about a chief (logins) or about one of `liaison_units`, and what nobody of oversight may see.
    `units`: other names residents use for a unit.
    """

    depth: int = 2
    outside: str | None = None
    chiefs: tuple[str, ...] = ()
    liaison_units: tuple[str, ...] = ()
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class WallsForm(Schema):
    """[walls]"""

    depth = fields.Integer(
        load_default=2, strict=True, validate=validate.Range(min=1, max=20, error="must be 1 to 20 steps")
    )
    outside = fields.String(load_default=None)
    chiefs = fields.List(fields.String(), load_default=[])
    liaison_units = fields.List(fields.String(), load_default=[])
    units = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), load_default={})


def walls_of(entry: Mapping[str, Any] | None) -> Walls:
    """From the form; a pack that says nothing has the defaults."""
    if entry is None:
        return Walls()
    return Walls(
        depth=entry["depth"],
        outside=entry["outside"],
        chiefs=tuple(entry["chiefs"]),
        liaison_units=tuple(entry["liaison_units"]),
        units={unit: tuple(names) for unit, names in entry["units"].items()},
    )
