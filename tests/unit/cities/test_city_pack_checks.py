"""A city pack that cannot be used says everything that is wrong with it, in words, at once."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.cities import ALWAYS_GUARDED, InvalidCityPack, load

PACK = Path(__file__).parents[3] / "cities" / "port-alder"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def edit(pack: Path, old: str, new: str, *, times: int = 1) -> None:
    path = pack / "city.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text, "the test no longer finds what it spoils"
    path.write_text(text.replace(old, new, times), encoding="utf-8")


def edit_outlines(pack: Path, change: Callable[[list[Any]], None]) -> None:
    path = pack / "districts.geojson"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document["features"])
    path.write_text(json.dumps(document), encoding="utf-8")


def problems(pack: Path) -> str:
    with pytest.raises(InvalidCityPack) as caught:
        load(pack)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('organisation = "police"\ndistricts', 'organisation = "polise"\ndistricts',
         "team harbour names the organisation polise, which does not exist"),
        ('districts = ["1", "3", "17"]', 'districts = ["1", "4"]',
         "team harbour names the district 4, which does not exist"),
        ('districts = ["1", "3", "17"]', 'categories = ["nois"]\ndistricts = ["1"]',
         "team harbour names the category nois, which does not exist"),
        ('districts = ["1", "3", "17"]', 'categories = ["force"]\ndistricts = ["1"]',
         "team harbour belongs to the police and cannot have the guarded category force"),
        ('team = "harbour"', 'team = "harbor"', "staff rowan.sample names the team harbor, which does not exist"),
        ('team = "harbour"\n', "", "staff rowan.sample has no team"),
        ('reports_to = "sage.sample"', 'reports_to = "nobody"',
         "staff rowan.sample names the superior nobody, which does not exist"),
        ('badge = "A-700"', 'badge = "A-700"\nreports_to = "rowan.sample"',
         "reports_to goes in a circle: rowan.sample → sage.sample → rowan.sample"),
        ('es = "Ruido"', 'fr = "Bruit"', "category noise: label is missing in es"),
        ('en = "Port Alder"\n', "", "name is missing in en"),
        ('owner = "sage.sample"', 'owner = "some.body"',
         "queue front-desk: owner some.body is not among the staff"),
        ('owner = "sage.sample"', 'owner = "willow.farol"',
         "queue front-desk: owner willow.farol is not of the organisation police"),
        ('code = "oversight"\norganisation = "fair-hearing"\nowner',
         'code = "review"\norganisation = "fair-hearing"\nowner',
         "queue oversight is missing"),
        ('code = "partner-triage"\norganisation = "lantern-house"',
         'code = "partner-triage"\norganisation = "police"',
         "queue partner-triage must belong to an organisation of kind partner, not police"),
        ('code = "puente-desk"\norganisation = "puente"', 'code = "puente-desk"\norganisation = "lantern-house"',
         "organisation puente has no queue"),
        ('kind = "oversight"', 'kind = "police"', "an organisation of kind oversight is missing"),
        ('priority = 30', 'priority = 20\ncategories_x = 1',
         "policy safety: categories_x is not a known field"),
        ('first_response_hours = 8', 'first_response_hours = 0',
         "policy safety: first_response_hours must be hours"),
        ('categories = ["suggestion", "thanks"]', 'categories = ["idea"]',
         "policy ideas-and-thanks names the category idea, which does not exist"),
        ('["safety", "harassment"]\n', '["force"]\n[[policy]]\ncode = "more"\nversion = 1\npriority = 20\n'
         'first_response_hours = 8\ncategories = ["force", "noise"]\n',
         "policies guarded and more have the same priority 20 for force"),
        ('priority = 0\n', 'priority = 0\ncategories = ["noise"]\n', "a policy without conditions is missing"),
        ('priority = 0\n', 'priority = 0\nkinds = ["noise"]\n', "policy default names the kind noise"),
        ('priority = 0\n', 'priority = 0\nchannels = ["fax"]\n', "policy default names the channel fax"),
        ('priority = 0\n', 'priority = 0\nwarning_share = 1\n',
         "policy default: warning_share must be between 0 and 1"),
        ('{ tell = "queue" }', '{ tell = "chief" }', "tell must be one of owner, supervisor, queue, oversight"),
        ('calendar = "office"\nfirst', 'calendar = "offices"\nfirst',
         "policy default names the calendar offices, which does not exist"),
        ('"Mo-Fr 08:30-12:30,13:30-17:30"', '"weekdays nine to five"',
         "calendar office: opening_hours or days cannot be read; write them as OpenStreetMap does"),
        ('13:30-17:30"', '13:30-17:30; PH off"', "calendar office: opening_hours says PH or SH"),
        ('"24/7"', '"off"', "calendar always has no open hour this year or next"),
        ('holidays = "US-PA"', 'holidays = "US-ZZ"', "calendar office: the public holidays of US-ZZ are not known"),
        ('"2026-12-24" =', '"2026-24-12" =', "calendar office: days: 2026-24-12 must be a day such as 2026-12-24"),
        ('code = "always"', 'code = "office"', "calendar office stands there 2 times"),
        ('"DOMESTIC" = "unsure"', '"DOMESTIC" = "home"', "classification domestic names the category home"),
        ('code = "noise"', 'code = "traffic"', "category traffic stands there 2 times"),
        ('login = "ivy.sample"', 'login = "rowan.sample"', "staff rowan.sample stands there 2 times"),
        ('code = "unsure"', 'code = "other"', "category unsure is missing"),
        ('code = "force"\nguarded = true', 'code = "force"\nguarded = true\npublishable = true',
         "category force is guarded and cannot be publishable"),
        ('time_zone = "America/New_York"', 'time_zone = "America/Port_Alder"', "time_zone is no IANA time zone"),
        ('country = "US"\n', "", "country is missing"),
        ('emergency_number = "911"', "emergency_number = 911", "emergency_number must be text in quotes"),
        ("format = 1", "format = 2", "format must be 1"),
        ('role = "auditor"', 'role = "boss"', "staff myrtle.sample: role must be one of"),
        ('code = "noise"', 'code = "Noise!"', "category Noise!: code must be lower-case letters"),
        ("format = 1", "format = ", "city.toml is no TOML"),
    ],
)  # fmt: skip
def test_a_spoilt_pack_says_what_is_wrong(pack: Path, old: str, new: str, sentence: str) -> None:
    edit(pack, old, new)
    assert sentence in problems(pack)


@pytest.mark.parametrize("code", sorted(ALWAYS_GUARDED))
@pytest.mark.parametrize("instead", ["", "guarded = false\n", "publishable = true\n"])
def test_no_pack_may_leave_conduct_unguarded(pack: Path, code: str, instead: str) -> None:
    edit(pack, f'code = "{code}"\nguarded = true\n', f'code = "{code}"\n{instead}')
    assert f"category {code} must be guarded" in problems(pack)


def test_a_police_team_gets_no_conduct_even_where_the_pack_forgets_to_guard_it(pack: Path) -> None:
    edit(pack, 'code = "force"\nguarded = true\n', 'code = "force"\npublishable = true\n')
    edit(pack, 'districts = ["1", "3", "17"]', 'categories = ["force"]\ndistricts = ["1"]')
    said = problems(pack)
    assert "category force is guarded and cannot be publishable" in said
    assert "team harbour belongs to the police and cannot have the guarded category force" in said


def _swap(features: list[Any]) -> None:
    ring = features[0]["geometry"]["coordinates"][0]
    features[0]["geometry"]["coordinates"][0] = [[lat, lon - 100] for lon, lat in ring]


def _knot(features: list[Any]) -> None:
    features[0]["geometry"] = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_knot, "district 1 has a bad polygon: Self-intersection"),
        (_swap, "district 1 lies outside the world; GeoJSON writes longitude first"),
        (lambda f: f[0].update(geometry={"type": "Point", "coordinates": [0, 0]}), "district 1 has no polygon"),
        (lambda f: f[0].update(geometry=None), "district 1 has no polygon"),
        (lambda f: f[0].update(geometry={"type": "Polygon", "coordinates": "x"}), "polygon that cannot be read"),
        (lambda f: f[0].update(geometry={"type": "Polygon", "coordinates": []}), "district 1 has a bad polygon"),
        (lambda f: f[0]["properties"].pop("code"), "feature 1 has no code"),
        (lambda f: f[0]["properties"].pop("label"), 'district 1 has no label such as {"en": "…"}'),
        (lambda f: f[0]["properties"]["label"].pop("es"), "district 1: label is missing in es"),
        (lambda f: f.append(f[0]), "district 1 stands there 2 times"),
        (lambda f: f.__setitem__(0, 7), "feature 1 has no code"),
    ],
)
def test_bad_outlines_are_named(pack: Path, change: Callable[[list[Any]], None], sentence: str) -> None:
    edit_outlines(pack, change)
    assert sentence in problems(pack)


@pytest.mark.parametrize(
    ("content", "sentence"), [("{", "districts.geojson is no JSON"), ("[]", "is no GeoJSON FeatureCollection")]
)
def test_a_file_that_is_no_geojson_is_said_so(pack: Path, content: str, sentence: str) -> None:
    (pack / "districts.geojson").write_text(content)
    assert sentence in problems(pack)


def test_missing_files_are_named(pack: Path) -> None:
    (pack / "districts.geojson").unlink()
    assert "districts.geojson cannot be read: No such file" in problems(pack)
    (pack / "city.toml").unlink()
    assert "city.toml cannot be read: No such file" in problems(pack)


def test_all_problems_are_told_at_once(pack: Path) -> None:
    edit(pack, 'es = "Ruido"', 'fr = "Bruit"')
    edit(pack, 'team = "harbour"', 'team = "harbor"', times=9)
    edit_outlines(pack, lambda features: features[3]["properties"]["label"].pop("es"))
    with pytest.raises(InvalidCityPack) as caught:
        load(pack)
    assert len(caught.value.problems) == 4


def test_a_pack_without_people_may_name_owners_that_are_added_later(pack: Path) -> None:
    path = pack / "city.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[[staff]]")], encoding="utf-8")
    assert load(pack).staff == ()
