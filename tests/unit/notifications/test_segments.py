"""Segments as the air interface counts them."""

import pytest

from services.notifications.domain.segments import Segments, segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 1)),
        ("x" * 160, Segments("GSM-7", 160, 1)),
        ("x" * 161, Segments("GSM-7", 161, 2)),
        ("x" * 306, Segments("GSM-7", 306, 2)),
        ("x" * 307, Segments("GSM-7", 307, 3)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        ("€" * 81, Segments("GSM-7", 162, 2)),
        ("^{}\\[~]|€", Segments("GSM-7", 18, 1)),
        ("ñ é à ü Ñ", Segments("GSM-7", 9, 1)),
        ("í" * 70, Segments("UCS-2", 70, 1)),
        ("í" * 71, Segments("UCS-2", 71, 2)),
        ("í" * 134, Segments("UCS-2", 134, 2)),
        ("í" * 135, Segments("UCS-2", 135, 3)),
        ("👋" * 35, Segments("UCS-2", 70, 1)),
        ("👋" * 36, Segments("UCS-2", 72, 2)),
        ("x" * 159 + "ł", Segments("UCS-2", 160, 3)),
    ],
)
def test_a_text_costs(text, expected):
    assert segments(text) == expected


def test_no_character_is_torn_over_two_segments():
    assert segments("x" * 152 + "€" + "x" * 151).count == 2
    assert segments("x" * 152 + "€" + "x" * 152).count == 3  # 306 units, which would fit if they could be torn
    assert segments("x" * 152 + "€" + "x" * 151 + "€").count == 3
    assert segments("í" * 66 + "👋" + "í" * 65).count == 2
    assert segments("í" * 66 + "👋" + "í" * 66).count == 3
