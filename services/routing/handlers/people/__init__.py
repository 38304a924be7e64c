"""Staff: added, invited, given tokens, sent home; every change is published as a whole snapshot."""

from services.routing.handlers.people.add import NewPerson, add_person
from services.routing.handlers.people.find import PersonRow, list_people, person_by_login
from services.routing.handlers.people.leave import disable_person, enable_person, set_available
from services.routing.handlers.people.passwords import invite, invited, redeem, set_password
from services.routing.handlers.people.queues import sync_queues
from services.routing.handlers.people.tokens import IssuedToken, issue_token, revoke_token

__all__ = [
    "IssuedToken",
    "NewPerson",
    "PersonRow",
    "add_person",
    "disable_person",
    "enable_person",
    "invite",
    "invited",
    "issue_token",
    "list_people",
    "person_by_login",
    "redeem",
    "revoke_token",
    "set_available",
    "set_password",
    "sync_queues",
]
