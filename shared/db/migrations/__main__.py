"""`python -m shared.db.migrations PACKAGE MESSAGE [DATABASE_URL]`: drafts a revision."""

import sys
import tempfile
from pathlib import Path

from shared.db import connect
from shared.db.migrations.runner import draft, upgrade


def main(package: str, message: str, url: str = "") -> None:
    """Draft the revision and print where it lies."""
    with tempfile.TemporaryDirectory() as scratch:
        engine = connect(url or f"sqlite:///{Path(scratch) / 'draft.sqlite3'}")
        if not url:
            upgrade(engine, package)
        sys.stdout.write(f"{draft(engine, package, message)}\n")
        engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
