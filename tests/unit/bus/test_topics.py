"""The topics are those that outsiders were told of."""

from shared.bus import TOPICS


def test_four_topics_of_twelve_lanes_three_for_a_week_one_compacted() -> None:
    assert {(t.name, t.partitions, t.retention_days, t.compacted) for t in TOPICS} == {
        ("commonground.feedback", 12, 7, False),
        ("commonground.cases", 12, 7, False),
        ("commonground.messages", 12, 7, False),
        ("commonground.people", 12, 7, True),
    }
