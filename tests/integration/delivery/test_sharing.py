"""Several relays share an outbox: each item has one, and one that lost its lease marks nothing."""

from uuid import UUID, uuid4

from sqlalchemy import update

from shared.leases import LEASES, Leases
from shared.outbox.tables import SHARDS
from shared.outbox.transaction import shard_of
from tests.integration.delivery.disturbed import DisturbedBus
from tests.integration.delivery.station import until


def test_a_fence_that_moved_on_forbids_marking(station, disturbed):
    """A relay that was frozen past its lease has sent, but no longer says what is sent."""
    station.emit(uuid4(), 1)

    def taken_over(_messages, flags):
        with station.engine.begin() as conn:
            conn.execute(update(LEASES).values(owner="another", fence=LEASES.c.fence + 1))
        return flags

    disturbed.after = taken_over
    relay = station.relay(disturbed)
    assert relay.step() == 1
    assert station.unsent() == [1]
    relay.close()


def test_without_a_lease_nothing_is_sent(station, disturbed):
    others = Leases(station.engine, station.clock, "outbox", SHARDS)
    others.renew()
    station.emit(uuid4(), 1)
    relay = station.relay(disturbed)
    assert relay.step() == 0
    assert disturbed.batches == []
    others.release()
    relay.close()


def test_two_relays_share_the_shards_and_every_item_has_one(station):
    first, second = DisturbedBus(station.bus), DisturbedBus(station.bus)
    relays = [station.relay(first, ttl_s=0.5), station.relay(second, ttl_s=0.5)]
    subjects = [uuid4() for _ in range(32)]

    def balanced():
        for relay in relays:
            relay.step()
        return [len(relay._leases.held) for relay in relays] == [8, 8]

    until(balanced)
    for sequence in (1, 2, 3):
        for subject in subjects:
            station.emit(subject, sequence)
            balanced()
    until(lambda: sum(relay.step() for relay in relays) == 0 and balanced() and not station.unsent())
    shards = [{shard_of_key(m.key) for batch in bus.batches for m in batch} for bus in (first, second)]
    assert shards[0]
    assert shards[1]
    for relay in relays:
        relay.close()
    sent = station.on_bus()
    assert all(list(dict.fromkeys(s for x, s in sent if x == subject)) == [1, 2, 3] for subject in subjects)


def shard_of_key(key):
    return shard_of(UUID(key.decode()))
