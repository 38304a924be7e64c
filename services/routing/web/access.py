"""Who calls: a signed-in browser or a program with a token. Views ask `current_person()`."""

from urllib.parse import quote

from flask import current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue

from services.routing.domain.sight import Actor
from services.routing.handlers.signing_in import resume
from services.routing.queries.actors import actor_by_token
from services.routing.web.desk import routing
from shared.events.sealed import token_hash
from shared.web.access import SAFE, Rule, staff
from shared.web.faults import fault
from shared.web.problems import Problem

__all__ = ["current_person", "staff", "way_to_sign_in", "with_session", "with_token"]

SECRET = "staff"  # noqa: S105 - the name under which the cookie keeps the session's secret
SIGN_IN = "/account/sign-in"
NO_TOKEN = fault("no_token", "Send your token in the header: Authorization: Bearer cg_…")
UNKNOWN_TOKEN = fault("unknown_token", "This token is not known, or no longer valid.")
NOT_YOUR_ROLE = fault("not_your_role", "This page is for another role than yours.")


def current_person() -> Actor:
    """Who is signed in, or whose token it is; only in views of the rules `staff` and `staff_token`."""
    actor: Actor = g.actor
    return actor


def with_session(rule: Rule) -> ResponseReturnValue | None:
    """Guard of the pages: the session must be alive, and the role one of the rule's."""
    found = resume(routing(), session.get(SECRET, ""))
    if found is None:
        session.pop(SECRET, None)
        return way_to_sign_in()
    g.actor, g.session_id = found
    if rule.roles and g.actor.role not in rule.roles:
        raise Problem(403, NOT_YOUR_ROLE)
    return None


def way_to_sign_in() -> ResponseReturnValue:
    """To the sign-in page, and afterwards back to where the person wanted to read or was writing."""
    page = _page_behind()
    return redirect(f"{SIGN_IN}?next={quote(page)}" if page else SIGN_IN, 303)


def _page_behind() -> str:
    """The page asked for; of an act, the page it belongs to: the longest beginning of its path that is one."""
    path, mark, query = request.full_path.rstrip("?").partition("?")
    if request.method not in SAFE:
        path = path.rpartition("/")[0]
        while path and not _is_page(path):
            path = path.rpartition("/")[0]
    return f"{path}{mark}{query}" if path else ""


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(path, method="GET")


def with_token(_rule: Rule) -> None:
    """Guard of the interface: `Authorization: Bearer` (RFC 6750, section 2.1)."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise Problem(401, NO_TOKEN, headers={"WWW-Authenticate": "Bearer"})
    known = routing()
    with known.engine.connect().execution_options(read_only=True) as conn:
        actor = actor_by_token(conn, token_hash(known.office.hashes, given.strip()), known.clock.now())
    if actor is None:
        raise Problem(401, UNKNOWN_TOKEN, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    g.actor = actor
