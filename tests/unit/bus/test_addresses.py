"""Bus addresses: what they may say, and what is loaded for them."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.bus import connect
from shared.bus.kafka.cluster import Cluster


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "starts with kafka:// or sqlite:///, not 'nothing'"),
        ("redis://localhost", "not 'redis'"),
        ("kafka://", "names its servers"),
        ("kafka://,", "names its servers"),
        ("kafka://user:secret@broker:9092", "sasl_username"),
        ("kafka://broker:9092?sasl_user=me", "takes no sasl_user"),
        ("kafka://broker:9092?topic_prefix", "bad query field"),
        ("sqlite://", "names its file"),
        ("sqlite://bus.sqlite3", "names its file"),
    ],
)
def test_a_malformed_address_says_what_is_wrong(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as refusal:
        connect(url)
    assert "secret" not in str(refusal.value)


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
        "import sys, shared.bus; bus = shared.bus.connect('sqlite:///x'); bus.publisher();"
        "sys.exit(any(name.split('.')[0] == 'kafka' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False, cwd=Path(__file__).parents[3]).returncode == 0
