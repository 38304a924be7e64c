"""Small cells are put together, and can never be worked out from what is left."""

from hypothesis import given
from hypothesis import strategies as st

from services.routing.reports import Line
from services.routing.web.supervisor.folding import SMALL, fold


def line(count, key="x"):
    return Line(
        key=key, count=count, answered=0, kept=0, owed=0, median_s=None, p90_s=None, compliance=None, open_overdue=0
    )


def counts(lines):
    return [each.count for each in lines]


def test_large_cells_stand_alone_the_largest_first():
    shown, folded = fold([line(5), line(40), line(12)])
    assert (counts(shown), folded) == ([40, 12, 5], [])


def test_small_cells_are_folded():
    shown, folded = fold([line(40), line(4), line(2)])
    assert (counts(shown), counts(folded)) == ([40], [4, 2])


def test_one_small_cell_takes_the_next_with_it():
    shown, folded = fold([line(40), line(9), line(1)])
    assert (counts(shown), counts(folded)) == ([40], [9, 1])


def test_when_all_is_small_nothing_stands_alone():
    shown, folded = fold([line(2), line(1)])
    assert (shown, counts(folded)) == ([], [2, 1])


@given(st.lists(st.integers(1, 30), max_size=30))
def test_nothing_is_lost_and_no_small_cell_shows(sizes):
    shown, folded = fold([line(size) for size in sizes])
    assert sorted(counts(shown) + counts(folded)) == sorted(sizes)
    assert all(count >= SMALL for count in counts(shown))
    if folded and shown:
        assert sum(counts(folded)) >= SMALL
