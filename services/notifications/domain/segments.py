"""How many segments a text takes on the air: GSM-7 or UCS-2 (3GPP TS 23.038)."""

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each is sent as an escape and a character: two units.
EXTENDED = frozenset("^{}\\[~]|€\f")
GSM7_SINGLE, GSM7_PART = 160, 153
UCS2_SINGLE, UCS2_PART = 70, 67


@dataclass(frozen=True, slots=True)
class Segments:
    """The encoding a text needs (GSM-7 or UCS-2), its length in that encoding's units, its segments."""

    encoding: str
    units: int
    count: int


def segments(text: str) -> Segments:
    """What the text costs. One character outside GSM-7 switches the whole text to UCS-2."""
    if all(character in BASIC or character in EXTENDED for character in text):
        costs = [2 if character in EXTENDED else 1 for character in text]
        return Segments("GSM-7", sum(costs), _count(costs, GSM7_SINGLE, GSM7_PART))
    costs = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return Segments("UCS-2", sum(costs), _count(costs, UCS2_SINGLE, UCS2_PART))


def _count(costs: list[int], single: int, part: int) -> int:
    """Segments of one text; a character of two units is never torn over two segments."""
    if sum(costs) <= single:
        return 1
    count, room = 1, part
    for cost in costs:
        if cost > room:
            count, room = count + 1, part
        room -= cost
    return count
