"""Two workers of one service on real servers: one freezes or dies, the other takes over, nothing is done twice."""

import signal
from uuid import uuid4

import pytest

from tests.integration.delivery.station import Station, until
from tests.integration.delivery.test_worker import complete, worker

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@pytest.fixture
def place(postgres_databases, kafka_bus_url):
    station = Station.open(postgres_databases.fresh(), kafka_bus_url)
    yield station
    station.close()


def started(process):
    return any(line["event"] == "Worker started" for line in process.log())


def test_a_frozen_worker_is_replaced_and_does_no_harm_when_it_thaws(place):
    subjects = [uuid4() for _ in range(20)]
    with worker(place) as first:
        emit_all(place, subjects, 1)
        until(lambda: complete(place, subjects, 1), 60)
        first.send_signal(signal.SIGSTOP)
        emit_all(place, subjects, 2)
        with worker(place) as second:
            until(lambda: complete(place, subjects, 2), 90)
            first.send_signal(signal.SIGCONT)
            emit_all(place, subjects, 3)
            until(lambda: complete(place, subjects, 3), 90)
            for process in (first, second):
                process.send_signal(signal.SIGTERM)
            assert [process.wait(15) for process in (first, second)] == [0, 0]
    assert not place.parked()
    assert place.unsent() == []


def test_whichever_of_two_is_killed_the_other_goes_on(place):
    subjects = [uuid4() for _ in range(20)]
    with worker(place) as first, worker(place) as second:
        until(lambda: started(first) and started(second), 60)
        emit_all(place, subjects, 1)
        until(lambda: complete(place, subjects, 1), 60)
        first.kill()
        emit_all(place, subjects, 2)
        until(lambda: complete(place, subjects, 2), 90)
        with worker(place) as third:
            until(lambda: started(third), 60)
            second.kill()
            emit_all(place, subjects, 3)
            until(lambda: complete(place, subjects, 3), 90)
            third.send_signal(signal.SIGTERM)
            assert third.wait(15) == 0
    assert not place.parked()
    assert place.unsent() == []


def emit_all(place, subjects, sequence):
    for subject in subjects:
        place.emit(subject, sequence)
