"""What is known after a provider was called: taken, surely not taken, or nobody can say."""

from dataclasses import dataclass

from services.notifications.domain.failures import NO_ANSWER, Failure


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message under this reference."""

    reference: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The provider surely did not take it; `code` is the provider's own word for why."""

    failure: Failure
    code: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have gone out. It is not sent again; a status callback settles it, or the call's own late answer."""

    why: str
    failure: Failure = NO_ANSWER


Outcome = Accepted | NotTaken | Unknown


def provider_failed(outcome: Outcome) -> bool:
    """Whether the outcome speaks against the provider rather than against the message."""
    return not isinstance(outcome, Accepted) and outcome.failure.ours
