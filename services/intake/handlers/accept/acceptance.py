"""Accepts concerns: rows, first audit row, idempotency row and event in one commit that requests share."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from services.intake.domain import receipts
from services.intake.domain.concern import Concern
from services.intake.handlers.accept.keys import Earlier, Key, KeyReused, claim, claim_row
from services.intake.handlers.accept.offer import Accepted, Offer, received_data, received_event, submission_row
from services.intake.handlers.accept.together import store_together
from services.intake.models import audit, entry, submissions
from shared.db import insert_rows
from shared.db.group_commit import GroupCommit
from shared.events.sealed import seal_for
from shared.ids import new_id
from shared.outbox import Outbox
from shared.sealing import CannotUnseal, KeyedHash, Keyring

ANSWER = "first answer"
DRAWS = 3
Outcome = Accepted | KeyReused


class Acceptance:
    """The door of one process. `accept` returns only after the commit."""

    def __init__(
        self,
        outbox: Outbox,
        keyring: Keyring,
        keyed: KeyedHash,
        draw: Callable[[], str] = receipts.draw,
    ) -> None:
        self._outbox = outbox
        self._keyring = keyring
        self._keyed = keyed
        self._draw = draw
        self._commit: GroupCommit[Offer, Outcome] = GroupCommit(self._write, lanes=_lanes(outbox.engine))

    def key(self, key: str, body: bytes) -> Key:
        """An idempotency key and what came with it."""
        return Key(self._keyed.digest("idempotency key", key), self._keyed.digest("body", body))

    def accept(self, concern: Concern, actor: str, key: Key | None = None) -> Accepted:
        """Store it, or find the first answer to the same key. Raises KeyReused; EventTooLarge."""
        outcome = self._kept(concern, actor, key)
        if isinstance(outcome, KeyReused):
            raise outcome
        return outcome

    def _kept(self, concern: Concern, actor: str, key: Key | None) -> Outcome:
        for _ in range(DRAWS - 1):
            # Two receipts meet once in 9 000 000 000 000 000 draws; then another one will do.
            with suppress(IntegrityError):
                return self._commit(self._offer(concern, actor, key))
        return self._commit(self._offer(concern, actor, key))

    def receipt_hash(self, digits: str) -> bytes:
        """What a receipt is looked up by."""
        return self._keyed.digest("receipt", digits)

    def _offer(self, concern: Concern, actor: str, key: Key | None) -> Offer:
        now = self._outbox.clock.now()
        accepted = Accepted(new_id(), self._draw(), now)
        item_key = self._keyring.new_key()
        sealed = seal_for(item_key, "feedback.received", concern.document)
        row = submission_row(concern, now, item_key, sealed) | {
            "id": accepted.id,
            "receipt_hash": self.receipt_hash(accepted.receipt),
        }
        data = received_data(concern, now, item_key, sealed)
        return Offer(
            accepted=accepted,
            key=key,
            answer=item_key.seal(accepted.receipt, ANSWER) if key else b"",
            submission=row,
            audit=entry(accepted.id, now, actor, "accepted"),
            event=received_event(accepted.id, self._outbox.source, now, data),
        )

    def _write(self, offers: Sequence[Offer]) -> list[Outcome]:
        """Store a group; for each offer its own answer when it is new, else the first one's."""
        leaders = {offer.key.hash: offer for offer in reversed(offers) if offer.key}
        fresh = [offer for offer in offers if not offer.key or leaders[offer.key.hash] is offer]
        held = self._store(fresh)
        if len(held) < len(fresh):
            self._outbox.bell.ring()
        return [self._outcome(offer, leaders, held) for offer in offers]

    def _store(self, offers: Sequence[Offer]) -> Mapping[bytes, Earlier]:
        """Store what is new; the holders of keys that were taken before."""
        if self._outbox.engine.dialect.name != "postgresql":
            return self._store_apart(offers)
        lost = store_together(self._outbox.engine, self._outbox.table, _claims(offers), offers)
        return self._store_apart([offer for offer in offers if offer.accepted.id in lost]) if lost else {}

    def _store_apart(self, offers: Sequence[Offer]) -> Mapping[bytes, Earlier]:
        """The same in steps: where one statement cannot do it, or found a key taken (perhaps yesterday's)."""
        with self._outbox.engine.begin() as conn:
            held = claim(conn, _claims(offers), self._outbox.clock.now())
            fresh = [offer for offer in offers if not offer.key or offer.key.hash not in held]
            insert_rows(conn, submissions, [offer.submission for offer in fresh])
            insert_rows(conn, audit, [offer.audit for offer in fresh])
            insert_rows(conn, self._outbox.table, [offer.event for offer in fresh])
        return held

    def _outcome(self, offer: Offer, leaders: Mapping[bytes, Offer], held: Mapping[bytes, Earlier]) -> Outcome:
        if offer.key is None:
            return offer.accepted
        earlier, leader = held.get(offer.key.hash), leaders[offer.key.hash]
        if earlier is not None:
            return self._again(offer.key, earlier)
        same = leader.key is not None and leader.key.body_hash == offer.key.body_hash
        return leader.accepted if same else KeyReused(KeyReused.__doc__)

    def _again(self, key: Key, earlier: Earlier) -> Outcome:
        if key.body_hash != earlier.body_hash or earlier.item_key is None:
            return KeyReused(KeyReused.__doc__)
        try:
            receipt = str(self._keyring.open_key(earlier.item_key).unseal(earlier.answer, ANSWER))
        except CannotUnseal:
            return KeyReused("what came with the key has been erased")
        return Accepted(earlier.item_id, receipt, earlier.received_at)


def _claims(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    return [
        claim_row(offer.key, offer.accepted.id, offer.answer, offer.accepted.received_at)
        for offer in offers
        if offer.key
    ]


def _lanes(engine: Engine) -> int:
    """PostgreSQL flushes commits of several connections at once; SQLite has one writer anyway."""
    return 2 if engine.dialect.name == "postgresql" else 1
