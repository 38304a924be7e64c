"""`commonground reconcile`: counts that nothing that was accepted got lost."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import click

from commonground.cli.output import complain, json_option, say, show_json, show_table
from commonground.cli.progress import working
from commonground.databases import opened
from commonground.installation import SERVICES, surroundings
from commonground.reconciliation import Account, Reconciliation
from shared import config
from shared.bus import connect

LOOK_EVERY_S = 0.25
ROWS = {
    "accepted": "accepted: somebody was told that we have it",
    "cases": "cases",
    "replies": "replies on a case",
    "consent": "changes of consent",
    "quarantined": "in quarantine",
    "in_flight": "under way between the two",
}


@click.command()
@click.option(
    "--wait", "wait_s", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS",
    help="Let what is under way arrive, at most this long.",
)  # fmt: skip
@json_option
def reconcile(*, wait_s: float, as_json: bool) -> None:
    """Count: accepted = cases + replies + consent + quarantined, and what is under way.

    What is under way is counted from rows and from the event log, never by subtraction. Exits with 1 when
    the counts differ, or when an open case has neither an owner nor a queue that has one.
    """
    with _reconciliation(surroundings()) as reconciliation, working("Counting …"):
        account = _settled(reconciliation, wait_s)
    if as_json:
        show_json(account.as_dict())
    else:
        _tell(account)
    sys.exit(0 if account.agrees else 1)


@contextmanager
def _reconciliation(environ: Mapping[str, str]) -> Iterator[Reconciliation]:
    with ExitStack() as stack:
        engines = {service: stack.enter_context(opened(service, environ)) for service in SERVICES}
        bus = connect(config.one("bus_url", environ=environ))
        stack.callback(bus.close)
        yield Reconciliation(engines, bus)


def _settled(reconciliation: Reconciliation, wait_s: float) -> Account:
    deadline = time.monotonic() + wait_s
    while True:
        account = reconciliation.account()
        if (account.in_flight == 0 and account.agrees) or time.monotonic() >= deadline:
            return account
        time.sleep(LOOK_EVERY_S)


def _tell(account: Account) -> None:
    known = account.as_dict()
    show_table(
        [{"what": words, "count": f"{known[name]:,}"} for name, words in ROWS.items()], {"what": "", "count": ""}
    )
    say()
    if account.accepted == account.found:
        say(f"The counts agree: {account.accepted:,} accepted, {account.found:,} found.")
    else:
        complain(f"The counts differ by {account.accepted - account.found:+,}: {account.found:,} found.")
    if account.unowned:
        complain(f"{account.unowned:,} open cases have neither an active owner nor a queue with one.")
    else:
        say("Every open case has an owner, or a queue that has one.")
    if account.dead_letters:
        complain(f"{account.dead_letters:,} dead letters wait for you: commonground deadletters list")
