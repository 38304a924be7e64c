"""The table of all commands."""

import click

from commonground.cli.lazy import LazyGroup

COMMANDS = {
    "run": ("commonground.cli.run:run", "Everything on this machine, without Kafka or PostgreSQL."),
    "intake": ("commonground.cli.processes:intake", "The front door: web or worker."),
    "routing": ("commonground.cli.processes:routing", "Cases and staff: web or worker."),
    "notifications": ("commonground.cli.processes:notifications", "Texts and mail out: web or worker."),
    "db": ("commonground.cli.db:db", "Databases: upgrade, status."),
    "topics": ("commonground.cli.topics:topics", "Topics of the event log: create, check."),
    "load": ("commonground.cli.load:load", "Bring concerns from a CSV file through the front door."),
    "reconcile": ("commonground.cli.reconcile:reconcile", "Count that nothing that was accepted got lost."),
    "clocks": ("commonground.cli.clocks:clocks", "Prove that every clock is what its case's history gives."),
    "deadletters": ("commonground.cli.deadletters:deadletters", "Events nobody could handle: list, show, replay."),
    "user": ("commonground.cli.user:user", "Staff: add, list, disable."),
    "rules": ("commonground.cli.rules:rules", "Routing rules: show, test, simulate, publish."),
    "token": ("commonground.cli.token:token", "Tokens for staff programs: create, revoke."),
    "config": ("commonground.cli.config:config", "Every setting, and what is wrong with it."),
    "doctor": ("commonground.cli.doctor:doctor", "Look whether everything is well, and say what to do."),
}


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="commonground", message="Common Ground %(version)s")
def commonground() -> None:
    """Police and community partners listen together.

    Settings come from the environment; `commonground config` lists them. Without any, commands work with
    the installation that `commonground run` keeps in DATA_DIR (./var).
    """
