"""Bus addresses: what they may say, and what is loaded for them."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.bus import connect
from shared.bus.address import check
from shared.bus.kafka.cluster import Cluster


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "must start with kafka:// or sqlite:///"),
        ("redis://localhost", "must start with kafka:// or sqlite:///"),
        ("kafka:secret", "must start with kafka:// or sqlite:///"),
        ("kafka://", "must name its servers"),
        ("kafka://,", "must name its servers"),
        ("kafka://?security_protocol=SSL", "must name its servers"),
        ("kafka://broker:secret", "must name each server as host:port"),
        ("kafka://broker:0", "with a port from 1 to 65535"),
        ("kafka://broker:9092,other:65536", "with a port from 1 to 65535"),
        ("kafka://bro ker:9092", "must name each server as host:port"),
        ("kafka://[::1", "cannot be read as an address"),
        ("kafka://broker:9092/secret", "takes nothing after its servers"),
        ("kafka://broker:9092?sasl_password=a#secret", "takes nothing after its servers"),
        ("kafka://user:secret@broker:9092", "sasl_username"),
        ("kafka://broker:9092?sasl_user=me", "takes only security_protocol, sasl_mechanism"),
        ("kafka://broker:9092?sasl_password=half&secret=half", "takes only security_protocol, sasl_mechanism"),
        ("kafka://broker:9092?sasl_password=half&secret", "must have name=value in every part"),
        ("kafka://broker:9092?topic_prefix=west.&topic_prefix=east.", "each once"),
        ("kafka://broker:9092?topic_prefix=secret/", "must have a topic_prefix of letters"),
        ("kafka://broker:9092?security_protocol=secret", "security_protocol that is one of PLAINTEXT, SSL"),
        ("kafka://broker:9092?sasl_mechanism=secret", "sasl_mechanism that is one of PLAIN, SCRAM-SHA-256"),
        (
            "kafka://broker:9092?security_protocol=SASL_SSL&sasl_mechanism=PLAIN",
            "needs sasl_username, sasl_password",
        ),
        ("sqlite://", "must name its file"),
        ("sqlite:///", "must name its file"),
        ("sqlite://bus.sqlite3", "must name its file"),
    ],
)
def test_a_malformed_address_says_what_is_wrong(url: str, problem: str) -> None:
    for asked in (connect, check):
        with pytest.raises(ValueError, match=problem) as refusal:
            asked(url)
        assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "servers"),
    [
        ("kafka://broker", ("broker",)),
        ("kafka://h1:9092,h2:9093/", ("h1:9092", "h2:9093")),
        ("kafka://[::1]:9092,10.0.0.7:65535", ("[::1]:9092", "10.0.0.7:65535")),
    ],
)
def test_servers_may_be_names_or_numbers(url: str, servers: tuple[str, ...]) -> None:
    check(url)
    assert Cluster.parse(url).servers == servers


def test_a_kafka_address_carries_servers_credentials_and_a_prefix() -> None:
    cluster = Cluster.parse(
        "kafka://h1:9092,h2:9093?security_protocol=SASL_SSL&sasl_mechanism=SCRAM-SHA-512"
        "&sasl_username=intake&sasl_password=p%26ss&ssl_cafile=%2Fetc%2Fca.pem&topic_prefix=west."
    )
    assert cluster.servers == ("h1:9092", "h2:9093")
    assert cluster.security == {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "intake",
        "sasl_plain_password": "p&ss",
        "ssl_cafile": "/etc/ca.pem",
    }
    assert cluster.named("commonground.cases") == "west.commonground.cases"
    assert cluster.ours("west.commonground.cases") == "commonground.cases"


def test_credentials_are_not_shown_where_the_cluster_is_printed() -> None:
    shown = repr(Cluster.parse("kafka://h:9092?sasl_username=intake&sasl_password=hunter2"))
    assert "hunter2" not in shown


def test_relative_and_absolute_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url, file in (
        ("sqlite:///var/bus.sqlite3", tmp_path / "var" / "bus.sqlite3"),
        (f"sqlite:///{tmp_path}/absolute.sqlite3", tmp_path / "absolute.sqlite3"),
    ):
        bus = connect(url)
        bus.ping(timeout_s=1)
        bus.close()
        assert file.exists()


def test_the_port_and_the_embedded_bus_load_no_kafka_client() -> None:
    check = (
        "import sys, shared.bus, shared.bus.address; shared.bus.address.check('kafka://broker:9092');"
        "bus = shared.bus.connect('sqlite:///x'); bus.publisher();"
        "sys.exit(any(name.split('.')[0] == 'kafka' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False, cwd=Path(__file__).parents[3]).returncode == 0
