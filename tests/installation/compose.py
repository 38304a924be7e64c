"""Reads docker-compose.yml as Compose would: anchors merged, variables filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
# https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


class NotGiven(Exception):
    """The file asks for a variable that was not given; Compose would refuse to start."""


@dataclass(frozen=True)
class Described:
    """What Compose would start: the arguments of the image's command, and the environment."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]


def described(variables: Mapping[str, str]) -> dict[str, Described]:
    """Every container of ours, by its name. Raises NotGiven."""
    document = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    ours = {name: service for name, service in document["services"].items() if "build" in service}
    return {name: _described(name, service, variables) for name, service in ours.items()}


def _described(name: str, service: Mapping[str, Any], variables: Mapping[str, str]) -> Described:
    environment = {key: _filled(str(value), variables) for key, value in service["environment"].items()}
    return Described(name, tuple(service["command"]), environment)


def _filled(text: str, variables: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name, how, other = found.groups()
        given = variables.get(name, "")
        if not given and how == "?":
            raise NotGiven(f"{name}: {other}")
        return given or (other if how == "-" else "") or ""

    return VARIABLE.sub(value, text)
