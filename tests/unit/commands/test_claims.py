"""What one installation claims for itself, and what the demo gives to its people."""

import os
import socket
import threading
from pathlib import Path

import pytest

from commonground.demo.passwords import WORDS, password_of
from commonground.embedded import claim
from commonground.embedded.running import Running
from commonground.failures import Failed
from services.routing.domain.passwords import weakness
from shared.cities import load

ROOT = Path(__file__).parents[3]


def test_only_one_may_hold_a_folder(tmp_path: Path) -> None:
    with (
        claim.only_one(tmp_path),
        pytest.raises(Failed, match=rf"already runs \(process {os.getpid()}\)"),
        claim.only_one(tmp_path),
    ):
        pass
    with claim.only_one(tmp_path):
        pass


def test_a_port_that_is_taken_is_said_in_words() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Failed, match=rf"Port {port} on 127.0.0.1 is taken.*PORT={port + 1}"):
            claim.look_at_port("127.0.0.1", port, patience_s=0.2)
    claim.look_at_port("127.0.0.1", port)


def test_a_port_that_is_let_go_in_a_moment_is_waited_for() -> None:
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    other.listen()
    port = other.getsockname()[1]
    threading.Timer(0.3, other.close).start()
    claim.look_at_port("127.0.0.1", port, patience_s=10)


def test_an_address_of_another_machine_is_said_in_words() -> None:
    with pytest.raises(Failed, match="no address of this machine"):
        claim.look_at_port("192.0.2.1", 8000)


def test_a_wildcard_address_is_reached_on_loopback(tmp_path: Path) -> None:
    Running(1, "0.0.0.0", 8000, {"intake": 5}).keep(tmp_path)
    found = Running.find(tmp_path)
    assert found is not None
    assert (found.url, found.workers) == ("http://127.0.0.1:8000", {"intake": 5})
    assert Running(1, "::1", 80, {}).url == "http://[::1]:80"


def test_the_demos_passwords_are_good_steady_and_each_their_own() -> None:
    staff = load(ROOT / "cities" / "port-alder").staff
    passwords = {person.login: password_of(person.login, b"k" * 40) for person in staff}
    assert len(set(passwords.values())) == len(staff)
    assert passwords["ivy.sample"] == password_of("ivy.sample", b"k" * 40) != password_of("ivy.sample", b"l" * 40)
    names = {part.casefold() for person in staff for part in (*person.login.split("."), *person.name.split())}
    assert not names & set(WORDS), "a password must not hold its owner's name"
    assert [weakness(passwords[person.login], person.login, person.name) for person in staff] == [None] * len(staff)
