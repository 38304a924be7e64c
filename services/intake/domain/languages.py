"""Which language a text is in: as given, as detected, or the city's first."""

import re
import unicodedata
from collections.abc import Sequence

# RFC 5646, section 2.1: language, script, region, variants; extensions and private use are not needed here.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*)",
    re.IGNORECASE,
)
#: Fewer letters than this say too little.
ENOUGH_LETTERS = 12
#: Below this the detector guesses.
SURE = 0.75
UNDETERMINED = "und"

_SCRIPTS = {
    "ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "he": "HEBREW", "yi": "HEBREW", "ru": "CYRILLIC",
    "uk": "CYRILLIC", "zh": "CJK", "yue": "CJK", "ja": "CJK", "ko": "HANGUL", "km": "KHMER", "th": "THAI",
    "lo": "LAO", "my": "MYANMAR", "hi": "DEVANAGARI", "ne": "DEVANAGARI", "bn": "BENGALI", "pa": "GURMUKHI",
    "gu": "GUJARATI", "ta": "TAMIL", "te": "TELUGU", "ml": "MALAYALAM", "am": "ETHIOPIC", "ti": "ETHIOPIC",
    "hy": "ARMENIAN", "ka": "GEORGIAN", "el": "GREEK",
}  # fmt: skip


def canonical(tag: str) -> str | None:
    """The tag in its usual case (`es-MX`, `zh-Hant`), or None when it is not well-formed."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    parts = [match["language"].lower()]
    if match["script"]:
        parts.append(match["script"].title())
    if match["region"]:
        parts.append(match["region"].upper())
    return "-".join(parts) + match["variants"].lower()


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def letters(text: str) -> str:
    """The letters of the first few hundred characters."""
    return "".join(c for c in text[:400] if c.isalpha())


def by_script(text: str, languages: Sequence[str]) -> str | None:
    """The language the script alone decides: a text mostly in a script of its own.

    The city's language of that script, or "und" when the city has none; None for Latin script.
    """
    found = letters(text)
    scripts = [_script(c) for c in found]
    foreign = [script for script in scripts if script not in ("LATIN", "MODIFIER")]
    if not foreign or 2 * len(foreign) < len(found):
        return None
    main = max(set(foreign), key=foreign.count)
    same = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}.get(main, main)
    return next((each for each in languages if _SCRIPTS.get(each.partition("-")[0]) == same), UNDETERMINED)


def settle(text: str, guess: tuple[str, float], languages: Sequence[str]) -> str:
    """The guess when it is sure and the text long enough, else the city's first language."""
    code, confidence = guess
    if code not in {each.partition("-")[0] for each in languages}:
        return languages[0]
    sure = confidence >= SURE and (len(letters(text)) >= ENOUGH_LETTERS or confidence >= 0.95)
    return next(each for each in languages if each.partition("-")[0] == code) if sure else languages[0]
