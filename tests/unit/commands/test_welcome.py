"""What a newcomer reads first: every address, every sign-in apart from its neighbour, three things to try."""

from pathlib import Path

from commonground.embedded import welcome
from shared.cities import load

CITY = load(Path(__file__).parents[3] / "cities" / "port-alder")
URL = "http://127.0.0.1:8000"


def text(key: bytes) -> str:
    people = welcome.sign_ins(CITY, key)
    told = welcome.facts(URL, people, "1234-5678-9012-3456")
    return welcome.for_people(told, people, CITY, "/data", "commonground")


def test_login_password_and_name_stand_apart_whatever_the_password() -> None:
    for number in range(60):
        for person in welcome.sign_ins(CITY, b"key %d" % number):
            line = next(line for line in text(b"key %d" % number).splitlines() if f" {person.login} " in line)
            assert f" {person.password} " in line
            assert line.endswith(person.about) or line.rstrip().endswith(person.about)


def test_the_liaison_shown_is_the_one_who_gets_what_is_tried_first() -> None:
    (liaison,) = [p for p in welcome.sign_ins(CITY, b"k") if p.role == "police liaison"]
    team = next(person.team for person in CITY.staff if person.login == liaison.login)
    assert "9" in CITY.teams[str(team)].districts
    assert f"{liaison.login}: the concern is there" in text(b"k")


def test_every_address_and_three_things_to_try() -> None:
    shown = text(b"k")
    for path in ("/report", "/track", "/console/", "/supervisor/", "/admin/", "/demo/phone"):
        assert f"{URL}{path}" in shown
    assert all(f"\n{number}. " in shown for number in (1, 2, 3))
    assert "1234-5678-9012-3456" in shown


def test_a_real_installation_shows_neither_phone_nor_sign_ins() -> None:
    told = welcome.facts(URL, [], None)
    shown = welcome.for_people(told, [], CITY, "/data", "commonground")
    assert "/demo/phone" not in shown
    assert "Sign in at" not in shown
    assert f"{URL}/report" in shown
