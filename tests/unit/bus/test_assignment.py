"""Lanes are shared fairly among members, and few of them move."""

from hypothesis import given
from hypothesis import strategies as st

from shared.bus.embedded.assignment import share_out

CASES = frozenset({"cases"})
BOTH = frozenset({"cases", "feedback"})
LANES = dict.fromkeys(range(12), "cases") | dict.fromkeys(range(12, 24), "feedback")

groups = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from([CASES, BOTH]), max_size=8)
owners = st.dictionaries(st.integers(0, 23), st.sampled_from("abcdefghxyz"))


@given(groups, owners)
def test_every_lane_goes_to_a_member_that_reads_its_topic(
    members: dict[str, frozenset[str]], current: dict[int, str]
) -> None:
    assigned = share_out(LANES, members, current)
    assert all(LANES[lane] in members[member] for lane, member in assigned.items())
    readable = {lane for lane, topic in LANES.items() if any(topic in topics for topics in members.values())}
    assert set(assigned) == readable


@given(st.sets(st.sampled_from("abcdefgh"), min_size=1), owners)
def test_members_that_read_the_same_hold_the_same_number_or_one_more(
    names: set[str], current: dict[int, str]
) -> None:
    assigned = share_out(LANES, dict.fromkeys(names, BOTH), current)
    counts = [list(assigned.values()).count(name) for name in names]
    assert max(counts) - min(counts) <= 1


@given(groups, owners)
def test_what_is_fair_already_stays(members: dict[str, frozenset[str]], current: dict[int, str]) -> None:
    settled = share_out(LANES, members, current)
    assert share_out(LANES, members, settled) == settled


def test_a_newcomer_gets_its_share_and_nothing_else_moves() -> None:
    before = share_out(LANES, {"a": BOTH, "b": BOTH}, {})
    after = share_out(LANES, {"a": BOTH, "b": BOTH, "c": BOTH}, before)
    moved = {lane for lane in LANES if before[lane] != after[lane]}
    assert len(moved) == 8
    assert {after[lane] for lane in moved} == {"c"}


def test_a_leavers_lanes_alone_find_new_holders() -> None:
    before = share_out(LANES, {"a": BOTH, "b": BOTH, "c": BOTH}, {})
    after = share_out(LANES, {"a": BOTH, "b": BOTH}, before)
    assert {lane for lane in LANES if before[lane] != after[lane]} == {
        lane for lane, member in before.items() if member == "c"
    }


def test_nobody_there_means_nothing_assigned() -> None:
    assert share_out(LANES, {}, {1: "gone"}) == {}
