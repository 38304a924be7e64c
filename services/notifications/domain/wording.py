"""What messages say: plain text, one folder per message and language, filled in with few and harmless values.

Layout: `templates/MESSAGE/LANGUAGE/{sms,subject,body}.txt`. Texts are read over shoulders and on shared
phones, so that automatic ones know no values but these: the city, a moment, an address. What a person
wrote to the resident comes in as `text`.
"""

from collections.abc import Mapping
from pathlib import Path
from string import Template

ACKNOWLEDGEMENT, REPLY, ANSWER = "acknowledgement", "reply", "answer"
#: The words of an acknowledgement whose moment has passed.
LATE = "acknowledgement_late"
#: Sent without a person having written them; they wait while we may not know of a STOP yet.
AUTOMATIC = frozenset({ACKNOWLEDGEMENT})
#: What a person wrote, and the resident may want to answer.
ANSWERABLE = frozenset({REPLY, ANSWER})
FIRST_TEXT, SHORTENED, WRITE_BACK = "first_text", "shortened", "write_back"
DEFAULT_LANGUAGE = "en"
#: What providers take as one text at most, in UTF-16 units: an emoji is two of them (Twilio error 21617).
TEXT_LIMIT = 1600
#: What our own words may take: a text that arrives as a wall is not read.
OWN_LIMIT = 320


class Wording:
    """Every template of a folder, read once. Raises KeyError for a message that does not exist."""

    def __init__(self, folder: Path) -> None:
        self._parts = {
            tuple(path.relative_to(folder).with_suffix("").parts): Template(path.read_text("utf-8").rstrip("\n"))
            for path in folder.glob("*/*/*.txt")
        }

    def languages(self, message: str) -> frozenset[str]:
        """The languages a message exists in."""
        return frozenset(language for name, language, _ in self._parts if name == message)

    def language_for(self, message: str, language: str) -> str:
        """The language the message will be in: the one asked for, its base language, or English."""
        wanted = (language, language.partition("-")[0].lower(), DEFAULT_LANGUAGE)
        return next(code for code in wanted if (message, code, "sms") in self._parts)

    def say(self, message: str, part: str, language: str, values: Mapping[str, str]) -> str:
        """One part (sms, subject or body) of a message, in the language that comes nearest."""
        return self._parts[message, self.language_for(message, language), part].substitute(values)


def fit(text: str, limit: int, ending: str) -> str:
    """The text, or as many whole words of it as leave room for the ending that says where the rest is."""
    if units(text) <= limit:
        return text
    room = _beginning(text, limit - units(ending) + 1)
    words = room.rpartition(" ")[0] or _beginning(text, limit - units(ending))
    return words.rstrip() + ending


def units(text: str) -> int:
    """The length of a text as phones and providers count it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _beginning(text: str, most: int) -> str:
    """As many whole characters as take no more units than that."""
    return text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore")
