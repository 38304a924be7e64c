"""A headline out of what somebody wrote: their first sentence, and what follows it."""

import re

SHORTEST, LONGEST = 12, 52
# The end of a sentence in most scripts. A dot before a small letter ends an abbreviation, not a sentence.
_END = re.compile(r"[.!?](?=\s+[^a-z\s])|[。!?؟।]|\n")
_MARKS = ".。।:;, \n"


def headline(text: str) -> tuple[str, str]:
    """(title, the rest). A long sentence is cut between two words, and the rest goes on from there."""
    words = text.strip()
    end = _END.search(words, SHORTEST, LONGEST + 2)
    if end is not None:
        return _flat(words[: end.end()]).rstrip(_MARKS), _flat(words[end.end() :])
    if len(words) <= LONGEST:
        return _flat(words).rstrip(_MARKS), ""
    cut = words.rfind(" ", LONGEST // 2, LONGEST)
    cut = cut if cut > 0 else LONGEST
    return f"{_flat(words[:cut]).rstrip(_MARKS)} …", _flat(words[cut:])


def _flat(text: str) -> str:
    return " ".join(text.split())
