"""`python -m tests.crash`: the whole run, then the same check shown to fail without inbox and without outbox."""

import argparse
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from tests.crash.run import Plan, run, say
from tests.crash.sabotage import MECHANISMS


def main() -> int:
    """0 when every promise held and the checker saw both sabotages."""
    options = _options()
    plan = Plan(concerns=options.concerns, per_second=options.per_second, kills=options.kills, seed=options.seed)
    folder = Path(options.keep or tempfile.mkdtemp(prefix="commonground-crash-"))
    say(f"ledgers and logs: {folder}")
    good = _judge(folder / "run", plan)
    if options.sabotage:
        small = replace(plan, concerns=200, kills=12, servers=False)
        for name in MECHANISMS:
            seen = not _judge(folder / name, replace(small, sabotage=name))
            say(f"the checker {'sees' if seen else 'DOES NOT SEE'} that the {name} is missing")
            good = good and seen
    return 0 if good else 1


def _judge(folder: Path, plan: Plan) -> bool:
    verdict = run(folder, plan)
    for name, value in asdict(verdict).items():
        shown = f"{len(value)} {value[:5]}" if isinstance(value, list) else value
        sys.stdout.write(f"{name.replace('_', ' '):20} {shown}\n")
    held = verdict.good and verdict.kills_in_flight * 2 > verdict.kills
    sys.stdout.write("every promise held\n" if held else "BROKEN\n")
    sys.stdout.flush()
    return held


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make crash", description=__doc__)
    parser.add_argument("--concerns", type=int, default=Plan.concerns)
    parser.add_argument("--per-second", type=float, default=Plan.per_second)
    parser.add_argument("--kills", type=int, default=Plan.kills)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--keep", help="a folder for ledgers and logs")
    parser.add_argument("--no-sabotage", dest="sabotage", action="store_false", help="only the run itself")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
