"""`python -m benchmarks`: measures everything beside its floor and writes docs/performance.md."""

import argparse
import sys
from collections.abc import Callable

from benchmarks import accept, consume, page, pipeline, relay
from benchmarks.ground import Ground, ground
from benchmarks.rounds import Ratio
from benchmarks.wrk import Load
from tests.installation import Installation


def main() -> int:
    """0 when it could be measured, whatever the figures."""
    options = _options()
    load = Load(seconds=options.seconds)
    parts: dict[str, Callable[[Ground, Installation], list[Ratio]]] = {
        "accept": lambda base, installation: accept.measure(base, installation, options.rounds, load),
        "consume": lambda base, installation: consume.measure(base, installation, options.rounds),
        "relay": lambda base, installation: relay.measure(base, installation, options.rounds),
        "pipeline": lambda _base, installation: pipeline.measure(installation, options.rounds, load),
    }
    ratios: list[Ratio] = []
    for name in options.only or parts:
        sys.stderr.write(f"{name}\n")
        # Servers and databases of its own: what one part leaves or empties, another would count.
        with ground() as base:
            ratios += parts[name](base, base.installation())
    for ratio in ratios:
        figures = f"{ratio.ours:,.3g} ÷ {ratio.floor:,.3g} {ratio.unit}"
        sys.stdout.write(f"{ratio.work}: {ratio.value:.3g} (goal {ratio.goal}; {figures})\n")
    if not options.only:
        page.write(ratios, options.rounds, load.connections)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="of load in each round of accepting")
    parser.add_argument("--only", nargs="*", help="accept, relay, consume, pipeline")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
