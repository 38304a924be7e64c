"""The words a person hands in: there must be some, and not too many."""

import unicodedata

from services.routing.domain.refusals import Invalid

LONGEST = 10_000
LONGEST_REASON = 1_000


def words(text: str, pointer: str = "/text", longest: int = LONGEST) -> str:
    """The text as it is kept (Unicode NFC). Raises Invalid when it is blank or too long."""
    kept = unicodedata.normalize("NFC", text).strip()
    if not kept:
        raise Invalid(pointer, "blank", "Write something.")
    if len(kept) > longest:
        raise Invalid(pointer, "too_long", f"Use at most {longest:,} characters.")
    return kept


def reason(text: str) -> str:
    """A reason as it is kept."""
    return words(text, "/reason", LONGEST_REASON)
