"""The entry of every child process: ties it to its parent, then becomes what its name says.

`python -m commonground.embedded.member NAME PARENT` where PARENT is the supervising process's id.
"""

import sys
from importlib import import_module

from commonground.embedded import lifeline
from commonground.failures import in_words


def main() -> int:
    """The child's exit code."""
    name, parent = sys.argv[1], int(sys.argv[2])
    lifeline.end_with(parent)
    try:
        return _become(name)
    except Exception as error:
        words = in_words(error)
        if words is None:
            raise
        sys.stderr.write(f"{name}: {words}\n")
        return 1


def _become(name: str) -> int:
    service, _, role = name.partition("-")
    if role == "worker":
        settings = import_module("shared.config").Settings.load(service)
        import_module("shared.logs").configure(service, settings.log_level)
        return int(import_module(f"services.{service}.worker").run(settings))
    if name == "web":
        # Before anything that waits is imported: the web process serves many people at once.
        import_module("shared.web.cooperative").prepare()
    return int(import_module(f"commonground.embedded.{name}").run())


if __name__ == "__main__":
    sys.exit(main())
