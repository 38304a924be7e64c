"""Documents of rules for the small city, and what is wrong with them."""

from services.routing.domain.rules import Known, problems_of, read
from tests.unit.routing.city import directory

CITY = directory()
KNOWN = Known(
    districts=frozenset({"1", "2", "9"}),
    policies=frozenset({"default", "safety"}),
    skills=frozenset({"mediation"}),
    units=frozenset({"Harbour desk"}),
)
GUARDED = """
[[rule]]
code = "complaints"
when = { guarded = true }
then = { queue = "@oversight" }

[[rule]]
code = "for-the-partner"
when = { wants_partner = true }
then = { team = "@partner" }
"""
REST = """
[[rule]]
code = "the-rest"
then = { team = "@covering" }
"""


def document(between="", after="", before=GUARDED, rest=REST):
    return f'format = 1\nname = "Trial"\n{before}{between}{rest}{after}'


def rules(*args, **more):
    return read(document(*args, **more)).rules


def complaints(text):
    """What speaks against publishing it, as sentences."""
    return [str(problem) for problem in problems_of(read(text), CITY, KNOWN)]
