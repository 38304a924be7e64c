"""Small decisions: what a code means, what a receipt changes, when to try again, what consent becomes."""

import itertools
from datetime import timedelta

import pytest

from services.notifications.domain import delivery
from services.notifications.domain.consent import ALLOWED, ON_HOLD, STOPPED, STOPPING, status_after
from services.notifications.domain.failures import BY_CODE, failure_of
from services.notifications.domain.outcome import Accepted, NotTaken, Unknown, provider_failed
from services.notifications.domain.retries import SCHEDULE


@pytest.mark.parametrize(
    ("code", "status", "name"),
    [
        (21610, 400, "opted_out"), (21211, 400, "invalid_number"), (21614, 400, "not_mobile"),
        (21408, 400, "region_not_allowed"), (20429, 429, "throttled"), (30003, None, "phone_unreachable"),
        (30004, None, "blocked"), (30005, None, "unknown_number"), (30006, None, "landline"),
        (30007, None, "filtered"), (21617, 400, "too_long"), (20003, 401, "account_refused"),
        (99999, 400, "refused"), (None, 403, "account_refused"),
        (20404, 404, "account_refused"), (21703, 400, "account_refused"), (21212, 400, "account_refused"),
        (None, 429, "throttled"), (None, None, "refused"),
    ],
)  # fmt: skip
def test_codes_have_classes(code, status, name):
    assert failure_of(code, status).name == name


def test_only_what_may_come_later_is_retried():
    retried = {failure.name for failure in BY_CODE.values() if failure.retry}
    assert retried == {"throttled", "account_refused", "phone_unreachable"}
    assert [failure.name for failure in BY_CODE.values() if failure.opt_out] == ["opted_out"]


def test_a_bad_number_does_not_speak_against_the_provider():
    assert not provider_failed(NotTaken(failure_of(21211)))
    assert not provider_failed(NotTaken(failure_of(21606, 400)))
    assert not provider_failed(Accepted("SM1"))
    assert provider_failed(NotTaken(failure_of(20429)))
    assert provider_failed(Unknown("silence"))


def test_waits_grow_and_end():
    waits = [SCHEDULE.after(attempts) for attempts in range(1, 20)]
    given = [wait for wait in waits if wait is not None]
    assert given == sorted(given)
    assert given[0] == timedelta(seconds=5)
    assert waits[len(given) :] == [None] * (len(waits) - len(given))
    assert SCHEDULE.after(0) is None


@pytest.mark.parametrize("final", ["delivered", "undelivered", "failed", "canceled", "read"])
@pytest.mark.parametrize("reported", list(delivery.RANKS))
def test_nothing_moves_a_final_status(final, reported):
    assert not delivery.moves_on(final, reported)


def test_ranks_only_grow():
    steps = ["accepted", "scheduled", "queued", "sending", "sent", "delivered"]
    for earlier, later in itertools.pairwise(steps):
        assert delivery.moves_on(earlier, later)
        assert not delivery.moves_on(later, earlier)
        assert not delivery.moves_on(later, later)
    assert not delivery.moves_on(None, "a status nobody told us of")


def test_every_state_others_are_told_of_has_a_status_of_the_event():
    from shared.events.catalogue.messages import DeliveryChanged

    allowed = set(DeliveryChanged().fields["status"].validate.choices)
    assert set(delivery.ANNOUNCED.values()) <= allowed
    assert set(delivery.ANNOUNCED) == set(delivery.STATES) - {"pending", "sending"}


@pytest.mark.parametrize(
    ("before", "action", "after"),
    [
        (ALLOWED, "stop", STOPPED), (ON_HOLD, "stop", STOPPED), (STOPPED, "stop", STOPPED),
        (STOPPED, "start", ALLOWED), (ON_HOLD, "start", ALLOWED), (ALLOWED, "hold", ON_HOLD),
        (STOPPED, "hold", STOPPED), (ALLOWED, "help", ALLOWED), (STOPPED, "help", STOPPED),
        (STOPPING, "stop", STOPPED), (STOPPING, "hold", ON_HOLD), (STOPPING, "start", ALLOWED),
        (ON_HOLD, "help", ON_HOLD), (STOPPED, "something new", STOPPED),
    ],
)  # fmt: skip
def test_consent_after(before, action, after):
    assert status_after(before, action) == after
