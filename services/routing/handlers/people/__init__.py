"""Staff: added, invited, given tokens, sent home; every change is published as a whole snapshot."""

from services.routing.handlers.people.add import NewPerson, add_person
from services.routing.handlers.people.chart import add_alias, propose_post, refuse_post, sign_post
from services.routing.handlers.people.find import PersonRow, list_people, person_by_login
from services.routing.handlers.people.leave import (
    disable_person,
    enable_person,
    is_available,
    set_available,
    sweep_up,
)
from services.routing.handlers.people.passwords import invite, invited, matches, password_hash, redeem, set_password
from services.routing.handlers.people.queues import sync_queues
from services.routing.handlers.people.tokens import IssuedToken, KnownToken, issue_token, own_tokens, revoke_token
from services.routing.handlers.people.work import Work, set_work, work_of

__all__ = [
    "IssuedToken",
    "KnownToken",
    "NewPerson",
    "PersonRow",
    "Work",
    "add_alias",
    "add_person",
    "disable_person",
    "enable_person",
    "invite",
    "invited",
    "is_available",
    "issue_token",
    "list_people",
    "matches",
    "own_tokens",
    "password_hash",
    "person_by_login",
    "propose_post",
    "redeem",
    "refuse_post",
    "revoke_token",
    "set_available",
    "set_password",
    "set_work",
    "sign_post",
    "sweep_up",
    "sync_queues",
    "work_of",
]
