"""A text continues the number's live case, unless it is about the police and they own that case."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.intake.domain.threads import Thread, continued, stands_apart

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def thread(number=1, *, days=0.0, state="with_a_person", with_police=True):
    return Thread(UUID(int=number), state, NOW - timedelta(days=days), with_police)


def test_the_most_recently_active_case_is_continued():
    assert continued([thread(1, days=3), thread(2, days=1), thread(3, days=2)], NOW) == thread(2, days=1)


def test_an_answered_case_is_still_live_and_a_closed_one_is_not():
    assert continued([thread(1, days=2, state="answered"), thread(2, days=1, state="closed")], NOW).id == UUID(
        int=1
    )


def test_fourteen_days_of_silence_end_a_thread():
    assert continued([thread(days=13.99)], NOW)
    assert continued([thread(days=14)], NOW) is None
    assert continued([], NOW) is None


def test_words_about_the_police_never_go_to_a_case_the_police_own():
    assert stands_apart(thread(with_police=True), about_police=True)
    assert not stands_apart(thread(with_police=True), about_police=False)
    assert not stands_apart(thread(with_police=False), about_police=True)
