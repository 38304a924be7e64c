"""The keywords of texting: stop, start, help.

The words are those of https://help.twilio.com/articles/223134027, mirrored in languages of residents.
HELP is not mirrored: a bare "ayuda" may be somebody in need, and goes to a person. Operators may choose more
words at the provider, which then says what it took them for
(https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out).
"""

import re
import unicodedata
from typing import Literal

Command = Literal["stop", "start", "help"]

STOP = frozenset(
    (
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "CANCEL",
        "END",
        "QUIT",
        "REVOKE",
        "OPTOUT",
        "ARRET",
        "ALTO",
        "BASTA",
        "PARE",
    )
)
START = frozenset(("START", "YES", "UNSTOP"))
HELP = frozenset(("HELP", "INFO"))
#: Opts in, and is also how people answer a question.
ANSWERS = frozenset(("YES",))

_NAMED: dict[str, Command] = {"STOP": "stop", "START": "start", "HELP": "help"}
_AROUND = " \t\r\n.,;:!?¡¿…'\"“”‘’«»"
_INSIDE = re.compile(r"(?<=\w)[\s-](?=\w)")


def _word(text: str) -> str:
    """The whole message as one upper-case word without accents; what people put around it is dropped."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _INSIDE.sub("", plain.strip(_AROUND)).upper()


def command(text: str) -> Command | None:
    """The keyword a text consists of, if it is one: whole message, any case."""
    word = _word(text) if len(text) <= 40 else ""
    if word in STOP:
        return "stop"
    if word in START:
        return "start"
    return "help" if word in HELP else None


def named(command: str) -> Command | None:
    """The command a provider names."""
    return _NAMED.get(command.strip().upper())


def may_answer(text: str, taken_for: Command) -> bool:
    """Whether a keyword is also how people answer a question: "yes", or a word we do not know."""
    return taken_for == "start" and _word(text) not in START - ANSWERS


def may_call(text: str, taken_for: Command) -> bool:
    """Whether a keyword may be somebody's call for help, taken for the question what these texts are."""
    return taken_for == "help" and command(text) is None
