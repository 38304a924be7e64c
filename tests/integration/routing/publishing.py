"""Publishing rules in tests: an administrator writes, oversight approves."""

from services.routing.domain.rules import built_in, write
from services.routing.handlers import rules


def text_of(world, before=""):
    """The city's built-in rules as a document, with others before them."""
    lines = write(built_in(world.routing.office.directory)).splitlines()
    return "\n".join([lines[0], 'name = "Trial"', before, *lines[2:], ""])


def proposed(world, author, text, valid_from=None):
    with world.routing.outbox.transaction() as tx:
        draft_id = rules.save(tx, author, text)
        rules.propose(tx, world.routing.office, author, draft_id, 1, valid_from=valid_from)
    return draft_id


def publish(world, staff, before="", valid_from=None):
    """Rules before the built-in ones, in force; the version."""
    draft_id = proposed(world, staff["admin"], text_of(world, before), valid_from)
    with world.routing.outbox.transaction() as tx:
        return rules.approve(tx, world.routing.office, staff["laurel"], draft_id, 2)
