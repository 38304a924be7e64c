"""The production installation of docker-compose.yml as local processes, for parity, crash tests and benchmarks."""

from tests.installation.compose import Described, described
from tests.installation.installation import PROCESSES, Installation

__all__ = ["PROCESSES", "Described", "Installation", "described"]
