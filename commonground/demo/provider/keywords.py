"""What carriers answer by themselves: STOP, START and HELP never get an answer of ours.

https://help.twilio.com/articles/223134027
"""

from dataclasses import dataclass

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})


@dataclass(frozen=True)
class CarrierAnswer:
    """The carrier's words, and whether the number is on its list from now on (None: no change)."""

    words: str
    out: bool | None = None


def answer_of_carrier(body: str) -> CarrierAnswer | None:
    """What the carrier says to a text that is nothing but a keyword."""
    word = body.strip().upper()
    if word in STOP:
        return CarrierAnswer(
            "You have been unsubscribed and will get no more messages. Text START to get them again.", out=True
        )
    if word in START:
        return CarrierAnswer("You will get messages again. Text STOP to end them.", out=False)
    if word in HELP:
        return CarrierAnswer("Text STOP to end messages. Message and data rates may apply.")
    return None
