"""Every event has its effect once and in order, whatever comes twice, early, broken or too soon."""

from uuid import uuid4

from tests.integration.delivery.station import drain, note


def test_events_have_their_effect_in_order(station):
    one, two = uuid4(), uuid4()
    station.publish(note(one, 1), note(two, 1), note(one, 2), note(two, 2), note(one, 3))
    drain(station.consumer())
    effects = station.effects()
    assert [sequence for subject, sequence in effects if subject == one] == [1, 2, 3]
    assert [sequence for subject, sequence in effects if subject == two] == [1, 2]
    assert not station.parked()


def test_what_the_relay_sends_the_consumer_handles(station):
    case = uuid4()
    station.emit(case, 1, 2, 3)
    relay = station.relay()
    assert relay.step() == 3
    assert relay.step() == 0
    relay.close()
    drain(station.consumer())
    assert station.effects() == [(case, 1), (case, 2), (case, 3)]
