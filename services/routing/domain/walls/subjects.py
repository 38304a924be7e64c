"""What a case is about, as far as walls depend on it: people, units, organisations."""

from dataclasses import dataclass
from uuid import UUID

PERSON, UNIT, ORGANISATION = "person", "unit", "organisation"

#: How it is known: the resident named it, the text was found to hold it, staff said so.
NAMED, FOUND, DECLARED = "named", "found", "declared"

#: What somebody is to the case. Of those who are only near to it, neither unit nor chain is walled.
ABOUT, WITNESS, RELATIVE = "about", "witness", "relative"
RELATIONS = (ABOUT, WITNESS, RELATIVE)


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """One of them. `key`: a person's id, a unit's folded name, an organisation's code."""

    kind: str
    key: str
    source: str = NAMED
    relation: str = ABOUT

    @property
    def person(self) -> UUID | None:
        """Who it is, if it is somebody."""
        return UUID(self.key) if self.kind == PERSON else None
