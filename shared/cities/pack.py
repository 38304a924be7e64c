"""Reads a city pack from its folder: city.toml and districts.geojson become one checked City."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import ValidationError

from shared.cities import calendars, outlines
from shared.cities.checks import calendars_named, check, repeated
from shared.cities.city import (
    Category,
    City,
    Organisation,
    Queue,
    StaffMember,
    Team,
    Words,
    plain,
)
from shared.cities.districts import Districts
from shared.cities.form import CityForm, problems_of
from shared.cities.policies import CONDITIONS, SPANS, Policy
from shared.cities.walls import walls_of
from shared.config import Misconfigured
from shared.hours import Calendar

FILE = "city.toml"


class InvalidCityPack(Misconfigured):
    """A city pack cannot be used; the message names every problem, one a line."""

    def __init__(self, folder: Path, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([f"The city pack in {folder} cannot be used:", *(f"  {p}" for p in problems)]))


def load(folder: Path) -> City:
    """The city whose pack lies in the folder. Raises InvalidCityPack with every problem at once."""
    form = _form(folder)
    problems: list[str] = []
    districts = Districts(outlines.read(folder, form["languages"], problems))
    city = _city(form, districts, calendars.read(form, problems))
    problems += [*repeated(form), *calendars_named(form), *check(city)]
    if problems:
        raise InvalidCityPack(folder, problems)
    return city


def _form(folder: Path) -> Mapping[str, Any]:
    """city.toml with the right fields and types; what they refer to is checked later."""
    try:
        raw = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidCityPack(folder, [f"{FILE} cannot be read: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidCityPack(folder, [f"{FILE} is no TOML: {error}"]) from error
    try:
        form: Mapping[str, Any] = CityForm().load(raw)
    except ValidationError as error:
        raise InvalidCityPack(folder, problems_of(error.messages, raw)) from error
    return form


def _city(form: Mapping[str, Any], districts: Districts, hours: Mapping[str, Calendar]) -> City:
    return City(
        code=form["code"],
        names=form["name"],
        time_zone=ZoneInfo(form["time_zone"]),
        country=form["country"],
        languages=tuple(form["languages"]),
        emergency_number=form["emergency_number"],
        bounds=districts.bounds(),
        categories={entry["code"]: _category(entry) for entry in form["category"]},
        organisations={
            entry["code"]: Organisation(entry["code"], entry["kind"], entry["label"])
            for entry in form["organisation"]
        },
        teams={entry["code"]: _team(entry) for entry in form["team"]},
        queues={
            entry["code"]: Queue(entry["code"], entry["organisation"], entry["label"], entry["owner"])
            for entry in form["queue"]
        },
        policies=tuple(_policy(entry, hours, form["time_zone"]) for entry in form["policy"]),
        classifications={plain(name): code for name, code in form["classifications"].items()},
        staff=tuple(_person(entry) for entry in form["staff"]),
        districts=districts,
        calendars=hours,
        words={language: _words(entry) for language, entry in form["words"].items()},
        walls=walls_of(form["walls"]),
    )


def _category(entry: Mapping[str, Any]) -> Category:
    flags = {name: entry[name] for name in ("guarded", "safety", "publishable")}
    return Category(entry["code"], entry["label"], entry["hint"], **flags)


def _team(entry: Mapping[str, Any]) -> Team:
    return Team(
        entry["code"],
        entry["organisation"],
        entry["label"],
        frozenset(entry["categories"]),
        frozenset(entry["districts"]),
    )


def _policy(entry: Mapping[str, Any], hours: Mapping[str, Calendar], zone: str) -> Policy:
    always = calendars.around_the_clock(zone)
    # A calendar that is not there is told by the checks.
    calendar = hours.get(entry["calendar"], always) if entry["calendar"] else always
    rungs = sorted((timedelta(hours=rung["after_hours"]), rung["tell"]) for rung in entry["ladder"])
    return Policy(
        code=entry["code"],
        version=entry["version"],
        priority=entry["priority"],
        spans={name: timedelta(hours=entry[f"{name}_hours"]) for name in SPANS if entry[f"{name}_hours"]},
        calendar=calendar,
        warning=entry["warning_share"],
        ladder=tuple(rungs),
        conditions={name: frozenset(entry[name]) for name in CONDITIONS if entry[name]},
    )


def _person(entry: Mapping[str, Any]) -> StaffMember:
    return StaffMember(**{**entry, "languages": tuple(entry["languages"])})


def _words(entry: Mapping[str, Any]) -> Words:
    return Words(**{name: tuple(plain(word) for word in words) for name, words in entry.items()})
