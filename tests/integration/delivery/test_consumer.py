"""Every event has its effect once and in order, whatever comes twice, early or too soon."""

from uuid import uuid4

from sqlalchemy import func, select

from shared.bus import Record
from shared.context import known
from shared.events import encode, to_message
from shared.inbox.pruning import prune_handled
from shared.inbox.sorting import Sorted
from shared.inbox.tables import INBOX
from shared.outbox.backlog import OUTBOX
from tests.integration.delivery.station import SAMPLES, drain, note, record


def incoming(station, event):
    message = to_message("commonground.cases", *encode(event))
    record_ = Record("commonground.cases", 0, 0, message.key, message.value, message.headers)
    return station.consumer()._decode([record_])[0][0]


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


def test_everything_twice_and_thrice_has_its_effect_once(station):
    case = uuid4()
    events = [note(case, sequence) for sequence in (1, 2, 3)]
    for _ in range(3):
        station.publish(*events)
    consumer = station.consumer()
    drain(consumer)
    station.publish(*reversed(events))
    drain(consumer)
    assert station.effects() == [(case, 1), (case, 2), (case, 3)]
    assert not station.parked()


def test_a_group_that_reads_everything_again_changes_nothing(station):
    """Offsets lost, the bus restored from a copy, another member that crashed: the inbox is what counts."""
    case = uuid4()
    events = [note(case, sequence) for sequence in range(1, 51)]
    station.publish(*events)
    drain(station.consumer())
    again = station.consumer()
    again.close()
    station.publish(*events)
    drain(station.consumer())
    assert station.effects() == [(case, sequence) for sequence in range(1, 51)]


def test_the_key_guards_although_another_worker_was_faster(station):
    """The look at the last sequence said "new"; meanwhile another worker has handled the same event."""
    case = uuid4()
    mine = incoming(station, note(case, 1))
    first, second = station.consumer(), station.consumer()
    first._handling.take([mine])
    result = Sorted(ready=[mine])
    with station.outbox.transaction() as tx:
        second._handling._guard(tx.conn, result, tx.now)
    assert (result.ready, result.repeated) == ([], [mine])


def test_of_whole_states_the_last_wins(station):
    person = uuid4()
    consumer = station.consumer({"person.changed": record})
    station.publish(note(person, 3, "person.changed"), note(person, 5, "person.changed"))
    drain(consumer)
    station.publish(note(person, 4, "person.changed"), note(person, 9, "person.changed"))
    drain(consumer)
    assert station.effects() == [(person, 5), (person, 9)]
    assert not station.parked()


def test_types_nobody_handles_keep_their_place_in_the_sequence(station):
    case = uuid4()
    station.publish(note(case, 1), note(case, 2, "message.recorded"), note(case, 3))
    drain(station.consumer())
    assert station.effects() == [(case, 1), (case, 3)]
    assert station.handled() == 3


def test_caused_events_carry_their_cause(station):
    one, two = uuid4(), uuid4()
    events = [note(one, 1), note(two, 1)]

    def answer(tx, handled):
        for event in handled:
            tx.emit("message.recorded", event.subject, 2, SAMPLES["message.recorded"])
            if event.subject == one:
                tx.emit("message.recorded", uuid4(), 1, SAMPLES["message.recorded"], cause=event)

    station.publish(*events)
    drain(station.consumer({"note.added": answer}))
    causes = {row.item_id: row.attributes for row in station.rows(OUTBOX)}
    assert f'"causationid":"{events[0].id}"' in causes.pop(one)
    assert f'"causationid":"{events[1].id}"' in causes.pop(two)
    assert all('"correlationid":"correlation-1"' in text for text in causes.values())
    assert all(str(events[0].id) in text for text in causes.values())


def test_a_single_event_is_handled_in_its_own_context(lite):
    contexts = []
    lite.publish(event := note(uuid4(), 1))
    drain(lite.consumer({"note.added": lambda _tx, _events: contexts.append(known())}))
    assert [(context.correlationid, context.causationid) for context in contexts] == [("correlation-1", event.id)]


def test_effect_inbox_row_and_caused_event_are_one_transaction(station):
    """Whatever fails, none of the three stands alone."""
    case = uuid4()

    def breaks_after_all(tx, events):
        record(tx, events)
        tx.emit("message.recorded", case, 2, SAMPLES["message.recorded"])
        tx.flush(OUTBOX)
        raise ValueError("at the very end")

    station.publish(note(case, 1))
    drain(station.consumer({"note.added": breaks_after_all}))
    assert station.effects() == []
    assert station.rows(OUTBOX) == []
    assert station.rows(INBOX) == []
    assert station.parked() == {1: "failed"}


def test_two_members_share_the_work_and_nothing_is_done_twice(station):
    subjects = [uuid4() for _ in range(60)]
    members = [station.consumer(), station.consumer()]
    for sequence in (1, 2, 3):
        station.publish(*[note(subject, sequence) for subject in subjects])
        for _ in range(6):
            for member in members:
                member.step(0.05)
    members.pop().close()
    for _ in range(5):
        drain(members[0])
    effects = station.effects()
    assert len(effects) == len(set(effects)) == 180
    assert all([s for subject, s in effects if subject == chosen] == [1, 2, 3] for chosen in subjects)


def test_only_young_rows_and_the_newest_of_each_subject_are_kept(station):
    case, quiet = uuid4(), uuid4()
    events = [note(case, sequence) for sequence in (1, 2, 3)]
    station.publish(*events, note(quiet, 1))
    consumer = station.consumer()
    drain(consumer)
    station.clock.forward(days=9)
    later = station.clock.now()
    with station.engine.begin() as conn:
        assert prune_handled(conn, "commonground.sample", later) is None
        left = conn.execute(select(INBOX.c.subject, func.max(INBOX.c.sequence)).group_by(INBOX.c.subject)).all()
    assert dict(map(tuple, left)) == {case: 3, quiet: 1}
    assert sorted(row.sequence for row in station.rows(INBOX)) == [1, 3]
    station.publish(events[1], note(case, 4))
    drain(consumer)
    assert station.effects()[-1] == (case, 4)
    assert len(station.effects()) == 5


def test_nothing_to_do_is_nothing_done(lite):
    consumer = lite.consumer()
    assert [consumer.step() for _ in range(3)] == [0, 0, 0]
