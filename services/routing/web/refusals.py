"""Refusals of commands and queries as problems of the interface."""

from services.routing.domain.refusals import Impossible, Invalid, NotAllowed, NotFound, Refusal, Stale
from shared.sealing import CannotUnseal
from shared.web.errors import not_found
from shared.web.faults import Fault, FaultAt, fault
from shared.web.problems import Problem, unprocessable

ERASED = fault("erased", "What was said in this case has been erased.")
STATUSES: dict[type[Refusal], tuple[int, str]] = {
    NotAllowed: (403, "not_allowed"),
    Impossible: (409, "impossible"),
    Stale: (412, "stale"),
}


def as_problem(refusal: Refusal) -> Problem:
    """The refusal with its status; what is not to be seen looks like what is not there."""
    if isinstance(refusal, NotFound):
        return not_found()
    if isinstance(refusal, Invalid):
        return unprocessable([FaultAt(refusal.pointer, in_words(refusal.code, refusal))])
    status, code = STATUSES[type(refusal)]
    return Problem(status, in_words(code, refusal))


def in_words(code: str, refusal: Refusal) -> Fault:
    """The sentence of a refusal with a code."""
    return fault(code, str(refusal).replace("%", "%%"))


def as_gone(_error: CannotUnseal) -> Problem:
    """The case's key was destroyed."""
    return Problem(410, ERASED)
