"""`python -m tests.crash.sabotage WHAT …`: the command with one mechanism taken out."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def without_inbox() -> None:
    """Every event counts as new, however often it comes."""
    from shared.inbox import handling

    def nothing_before(conn: Any, consumer: str, keys: Any) -> dict[Any, int]:
        return {}

    handling.Handling._guard = lambda self, conn, result, now: None  # type: ignore[method-assign]
    handling.last_sequences = nothing_before


def without_outbox_transaction() -> None:
    """Events are written after the commit of their effect: a crash in between loses them."""
    import time

    from services.intake.handlers.accept import acceptance, keys
    from services.intake.models import audit, submissions
    from shared.db import insert_rows
    from shared.outbox import transaction

    flush = transaction.Transaction.flush

    @contextmanager
    def apart(self: Any) -> Iterator[Any]:
        with self.engine.begin() as conn:
            tx = transaction.Transaction(conn=conn, now=self.clock.now(), source=self.source)
            yield tx
        time.sleep(0.2)
        with self.engine.begin() as conn:
            tx.conn = conn
            flush(tx, self.table)
        self.bell.ring()

    transaction.Outbox.transaction = apart  # type: ignore[method-assign]

    def store(self: Any, offers: Any) -> Any:
        held = self._store_apart([])
        with self._outbox.engine.begin() as conn:
            insert_rows(conn, submissions, [offer.submission for offer in offers])
            insert_rows(conn, audit, [offer.audit for offer in offers])
            held = keys.claim(conn, acceptance._claims(offers), self._outbox.clock.now())
        time.sleep(0.2)
        with self._outbox.engine.begin() as conn:
            insert_rows(conn, self._outbox.table, [offer.event for offer in offers])
        return held

    acceptance.Acceptance._store = store  # type: ignore[method-assign]


MECHANISMS: dict[str, Callable[[], None]] = {
    "inbox": without_inbox,
    "outbox-transaction": without_outbox_transaction,
}


def main() -> None:
    """Take it out, then be the command."""
    what = sys.argv.pop(1)
    if sys.argv[-1] == "web":
        from importlib import import_module

        import_module("shared.web.cooperative").prepare()
    MECHANISMS[what]()
    from commonground.__main__ import main as commonground

    commonground()


if __name__ == "__main__":
    main()
