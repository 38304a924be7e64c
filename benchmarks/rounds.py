"""Interleaved rounds: each variant once a round, so that a slow minute of the machine hits all alike."""

import statistics
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Measured = dict[str, list[float]]


@dataclass(frozen=True)
class Ratio:
    """Ours over a floor (or a limit), with the goal it is held to."""

    work: str
    ours: float
    floor: float
    unit: str
    goal: float
    at_most: bool = False
    #: What would close the gap, said in the page when the goal is missed.
    why: str = ""

    @property
    def value(self) -> float:
        """The ratio; for `at_most` goals without a floor, the figure itself."""
        return self.ours / self.floor

    @property
    def reached(self) -> bool:
        """Whether the goal is met."""
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def interleaved(variants: Mapping[str, Callable[[], float]], rounds: int) -> Measured:
    """Every variant's figure in every round, in turn; one unmeasured round first to warm up."""
    figures: Measured = {name: [] for name in variants}
    for number in range(rounds + 1):
        for name, measure in variants.items():
            figure = measure()
            if number:
                figures[name].append(figure)
            _tell(name, figure, number, rounds)
    return figures


def _tell(name: str, figure: float, number: int, rounds: int) -> None:
    which = f"round {number} of {rounds}" if number else "warming up"
    sys.stderr.write(f"  {which}: {name} {figure:,.1f}\n")


def median(figures: list[float]) -> float:
    """The middle one."""
    return statistics.median(figures)
