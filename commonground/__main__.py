"""The command `commonground`: everything an operator does."""

import sys

from commonground.cli.root import commonground
from commonground.failures import in_words


def main() -> None:
    """Run the command line; what went wrong is said in words, not as a traceback."""
    try:
        commonground()
    except Exception as error:
        words = in_words(error)
        if words is None:
            raise
        sys.exit(f"commonground: {words}")


if __name__ == "__main__":
    main()
