"""While database or bus are away nothing is parked, blamed or lost."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.bus import BusUnavailable
from shared.failures import is_away
from shared.pulse import Pulse
from tests.integration.delivery.station import Station, drain, note, record, until


class Away(BusUnavailable):
    """As if a handler, or the database under it, met an outage."""


def test_an_outage_parks_nothing_and_the_same_batch_comes_again(station):
    case = uuid4()
    outage = [True]

    def handler(tx, events):
        record(tx, events)
        if outage[0]:
            raise Away("away")

    consumer = station.consumer({"note.added": handler})
    station.publish(note(case, 1), note(case, 2))
    for _ in range(10):
        with pytest.raises(Away):
            for _ in range(20):
                consumer.step(0.1)
    assert not station.parked()
    outage[0] = False
    drain(consumer)
    assert station.effects() == [(case, 1), (case, 2)]


def test_the_loop_pauses_in_an_outage_and_goes_on_after_it(lite, caplog):
    case = uuid4()
    outage = [True]

    def handler(tx, events):
        if outage[0]:
            raise Away("away")
        record(tx, events)

    pulse = Pulse()
    consumer = lite.consumer({"note.added": handler})
    lite.publish(note(case, 1))
    thread = threading.Thread(target=consumer.run, args=(pulse,))
    thread.start()
    until(lambda: pulse.paused_by == "Away")
    outage[0] = False
    until(lambda: lite.effects() == [(case, 1)])
    pulse.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert [record_.message for record_ in caplog.records].count("A thread waits") == 1


@pytest.mark.postgres
def test_a_database_that_ends_connections_is_an_outage(postgres_databases, embedded_bus_url):
    station = Station.open(postgres_databases.fresh(), embedded_bus_url)
    case = uuid4()
    cut = [True]

    def handler(tx, events):
        record(tx, events)
        if cut[0]:
            tx.conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    consumer = station.consumer({"note.added": handler})
    station.publish(note(case, 1))
    with pytest.raises(Exception, match="terminat") as raised:
        for _ in range(20):
            consumer.step(0.1)
    assert is_away(raised.value)
    cut[0] = False
    drain(consumer)
    assert station.effects() == [(case, 1)]
    assert not station.parked()
    station.close()
