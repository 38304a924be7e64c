"""Why a command is refused; every refusal is a sentence a person can act on."""


class Refusal(Exception):
    """Base of all refusals; nothing was changed."""


class NotFound(Refusal):
    """There is no such case, or it is not for these eyes: the two are never told apart."""

    def __init__(self) -> None:
        super().__init__("There is no such case.")


class NotAllowed(Refusal):
    """The role does not carry this right."""


class Impossible(Refusal):
    """The case does not allow it now (a transition the table lacks, an owner who may not own it)."""


class Stale(Refusal):
    """Somebody changed the case since it was read. `sequence` is where it stands now."""

    def __init__(self, sequence: int) -> None:
        self.sequence = sequence
        super().__init__("The case has changed since you read it. Read it again before you answer.")


class Invalid(Refusal):
    """A value cannot be used: where (JSON pointer), a code, and what to do."""

    def __init__(self, pointer: str, code: str, message: str) -> None:
        self.pointer = pointer
        self.code = code
        super().__init__(message)
