"""Names as people type them: any case, with or without accents, in Latin or Cyrillic letters."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’ʼ]s\b", re.I)
_DROPPED = dict.fromkeys(map(ord, "'’‘ʼ`´"))
#: Letters that are no Latin letter with an accent, as passports write them (ICAO Doc 9303, part 3).
_WRITTEN = {
    "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i",
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y",
    "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
_LATIN = {ord(letter): latin for letter, latin in _WRITTEN.items()}


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded: "Nguyễn-O'Brien" is nguyen, obrien."""
    return tuple(_WORD.findall(folded(text)))


def folded(text: str) -> str:
    """Lower case without accents or apostrophes, in Latin letters as far as one can tell."""
    plain = _POSSESSIVE.sub("", text).translate(_DROPPED).casefold()
    if plain.isascii():
        return plain
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return bare.translate(_LATIN)


def phrase(text: str) -> str:
    """A name as it is looked up: folded words with one space between."""
    return " ".join(words_of(text))


def code(text: str) -> str:
    """A badge as it is looked up: letters and digits only, so that "A-101" is "a 101"."""
    return "".join(words_of(text))
