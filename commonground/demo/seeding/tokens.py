"""Short-lived tokens for the demo's staff, so that seeding answers as each case's own owner."""

from services.routing.handlers import people
from services.routing.service import Routing
from shared.config import Settings


class StaffTokens:
    """Issues a token per person when it is first needed; `end` revokes them all."""

    def __init__(self, settings: Settings) -> None:
        self._routing = Routing.assemble(settings, pool_size=2)
        self._issued: dict[str, people.IssuedToken] = {}
        with self._routing.engine.connect().execution_options(read_only=True) as conn:
            everybody = people.list_people(conn)
        self._logins = {str(person.id): person.login for person in everybody if person.active}
        self._overseer = next(person.login for person in everybody if person.role == "oversight" and person.active)

    def of(self, person_id: str | None) -> str:
        """The token of a person by id; of oversight, who sees every case, for nobody."""
        login = self._logins.get(person_id or "", self._overseer)
        if login not in self._issued:
            with self._routing.outbox.transaction() as tx:
                self._issued[login] = people.issue_token(tx, self._routing.office, login, days=30, label="demo")
        return self._issued[login].token

    def end(self) -> None:
        """Revoke what was issued and close the database."""
        for issued in self._issued.values():
            with self._routing.outbox.transaction() as tx:
                people.revoke_token(tx, self._routing.office, str(issued.id))
        self._routing.close()
