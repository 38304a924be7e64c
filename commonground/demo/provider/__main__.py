"""`python -m commonground.demo.provider --port 0 --ledger FILE`: the provider as a process of its own."""

import signal
import sys
from pathlib import Path

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from commonground.demo.provider.account import Account
from commonground.demo.provider.ledger import Ledger
from commonground.demo.provider.rest import Provider
from commonground.demo.provider.webhooks import Webhooks


class _Quiet(WSGIRequestHandler):
    """Logs nothing: the ledger says it better."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing."""


@click.command()
@click.option("--port", type=int, default=0, help="0: any free one; it is printed.")
@click.option("--ledger", type=click.Path(path_type=Path), required=True, help="The SQLite file to write into.")
@click.option("--sid", default="AC00000000000000000000000000000000", show_default=True)
@click.option("--token", default="demo-token", show_default=True)
@click.option("--number", default="+12155550100", show_default=True)
@click.option(
    "--public-url", default="http://127.0.0.1:8000", show_default=True, help="What webhooks are signed over."
)
@click.option("--reach-url", default="", help="Where webhooks are really sent, if elsewhere.")
@click.option("--callbacks/--no-callbacks", default=True, help="Send status callbacks.")
@click.option("--opt-outs/--no-opt-outs", default=False, help="Refuse numbers that texted STOP (21610).")
def main(port: int, ledger: Path, callbacks: bool, opt_outs: bool, **account: str) -> None:
    """Take texts, send none, remember all."""
    owner = Account(**account)
    book = Ledger(ledger)
    webhooks = Webhooks(owner, book)
    provider = Provider(owner, book, webhooks, obeys_opt_outs=opt_outs)
    server = make_server("127.0.0.1", port, provider, threaded=True, request_handler=_Quiet)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    click.echo(f"http://127.0.0.1:{server.port}")
    sys.stdout.flush()
    if callbacks:
        webhooks.start()
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
