"""`commonground rules`: routing rules as files, tried before they are published."""

import click

from commonground.cli.rules.publish import publish
from commonground.cli.rules.show import show
from commonground.cli.rules.simulate import simulate
from commonground.cli.rules.test import test

__all__ = ["rules"]


@click.group()
def rules() -> None:
    """Routing rules: which concern goes to which team, tried on a table and on the past before it holds.

    `show` prints the rules in force as a file to begin with; the same file is edited in the pages at
    /admin/rules.
    """


for command in (show, test, simulate, publish):
    rules.add_command(command)
