"""What each role may do; need-to-know (see sight) comes on top of it."""

from services.routing.domain.refusals import NotAllowed

#: Reads every case and changes none.
AUDITOR = "auditor"
ROLES = ("liaison", "partner", "supervisor", "administrator", "oversight", AUDITOR)

READ = "read"  # open cases within one's sight
ANSWER = "answer"  # reply, note, accept, recuse, change the state
ASSIGN = "assign"  # give a case to somebody
MEASURE = "measure"  # response times and workload
SEE_EXCLUDED = "see excluded"  # whole certificates, with those who were left out
SEE_VIEWS = "see views"  # who has looked at a case
MANAGE_PEOPLE = "manage people"
READ_RULES = "read rules"  # rule sets, drafts and their tables; never a case
WRITE_RULES = "write rules"
APPROVE_RULES = "approve rules"  # those of another organisation
REHEARSE = "rehearse"  # let a draft decide the past: its sums are of every case

RIGHTS: dict[str, frozenset[str]] = {
    "liaison": frozenset({READ, ANSWER, ASSIGN, MEASURE}),
    "partner": frozenset({READ, ANSWER, ASSIGN, MEASURE, READ_RULES, WRITE_RULES, APPROVE_RULES}),
    "supervisor": frozenset({READ, ANSWER, ASSIGN, MEASURE}),
    "administrator": frozenset({MANAGE_PEOPLE, READ_RULES, WRITE_RULES}),
    "oversight": frozenset(
        {READ, ANSWER, ASSIGN, MEASURE, SEE_EXCLUDED, SEE_VIEWS, READ_RULES, WRITE_RULES, APPROVE_RULES, REHEARSE}
    ),
    "auditor": frozenset({READ, MEASURE, SEE_EXCLUDED, SEE_VIEWS, READ_RULES, REHEARSE}),
}

#: The kind of organisation a role works for; the others may belong to any.
KIND_OF_ROLE = {"liaison": "police", "supervisor": "police", "partner": "partner", "oversight": "oversight"}


def may(role: str, right: str) -> bool:
    """Whether the role carries the right."""
    return right in RIGHTS.get(role, frozenset())


def need(role: str, right: str) -> None:
    """Raise NotAllowed when the role lacks the right."""
    if not may(role, right):
        raise NotAllowed(f"The role {role} may not {right}.")
