"""A token for one load, where the command may ask routing's database for it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from commonground.failures import Failed
from services.routing.handlers import people
from services.routing.service import Routing
from shared.config import Settings

NEED_ONE = "A staff token is needed: commonground token create --user LOGIN, then load with --token-file FILE."


@contextmanager
def borrowed(environ: Mapping[str, str]) -> Iterator[str]:
    """An administrator's token for a day, revoked at the end. Raises Failed when there is nobody to lend one."""
    routing = Routing.assemble(Settings.load("routing", environ), pool_size=2)
    try:
        with routing.outbox.transaction() as tx:
            able = [
                person for person in people.list_people(tx.conn) if person.active and person.role == "administrator"
            ]
            if not able:
                raise Failed(f"There is no active administrator. {NEED_ONE}")
            issued = people.issue_token(tx, routing.office, able[0].login, days=1, label="load")
        try:
            yield issued.token
        finally:
            with routing.outbox.transaction() as tx:
                people.revoke_token(tx, routing.office, str(issued.id))
    finally:
        routing.close()
