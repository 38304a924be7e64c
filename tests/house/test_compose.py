"""docker-compose.yml: the public schema accepts it, and it keeps production's promises."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROCESSES = {
    f"{service}-{role}" for service in ("intake", "routing", "notifications") for role in ("web", "worker")
}
SCHEMA_MODULE = "github.com/compose-spec/compose-go/v2@v2.16.2"


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def absent(what):
    pytest.skip(f"{what} is missing")


def the_plugin_accepts():
    """Whether `docker compose config` accepts the file; None where the plugin is missing."""
    if (
        not shutil.which("docker")
        or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode
    ):
        return None
    names = re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text())
    environ = os.environ | dict.fromkeys(names, "given")
    done = subprocess.run(
        ["docker", "compose", "config", "-q"], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return True


@pytest.fixture(scope="module")
def public_schema(tmp_path_factory):
    """The Compose specification's schema, out of its reference implementation in the Go module proxy."""
    go = shutil.which("go")
    if not go:
        absent("the Compose plugin, and Go to fetch the public schema with,")
    here = tmp_path_factory.mktemp("schema")
    command = [go, "mod", "download", "-json", SCHEMA_MODULE]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, timeout=110)
    if done.returncode:
        absent("the public Compose schema (the Go module proxy does not answer)")
    return json.loads((Path(json.loads(done.stdout)["Dir"]) / "schema/compose-spec.json").read_text())


def test_compose_accepts_the_file(compose, request):
    if the_plugin_accepts():
        return
    schema = request.getfixturevalue("public_schema")
    jsonschema.validate(compose, schema)
    broken = {**compose, "services": {**compose["services"], "kafka": {"imagine": "apache/kafka"}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_one_container_a_process_and_one_database_a_service(compose):
    assert set(compose["services"]) >= PROCESSES
    for name in PROCESSES:
        service, role = name.split("-")
        assert compose["services"][name]["command"] == [service, role]
        addresses = [key for key in compose["services"][name]["environment"] if key.endswith("DATABASE_URL")]
        assert addresses == [f"{service.upper()}_DATABASE_URL"]


def test_nobody_is_root_and_nothing_is_written_but_volumes_and_tmp(compose):
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert str(service["user"]) not in ("", "0", "root"), name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_everything_that_stays_is_watched(compose):
    lasting = {name for name, service in compose["services"].items() if service["restart"] != "no"}
    assert lasting == PROCESSES | {"postgres", "kafka", "proxy"}
    assert all(compose["services"][name]["healthcheck"]["test"] for name in lasting)


def test_no_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()
    secrets = re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|KEYS)\w*)(:?[-?])", text)
    assert secrets
    assert {how for _, how in secrets} == {":?"}
    given = (ROOT / "deploy/env.example").read_text()
    assert not re.findall(r"^\w*(?:PASSWORD|SECRET|KEYS|TOKEN)\w*=.+$", given, re.M)
    assert all(f"{name}=" in given for name, _ in secrets)


def test_only_the_proxy_is_reachable_from_outside(compose):
    assert [name for name, service in compose["services"].items() if service.get("ports")] == ["proxy"]


def test_the_proxy_keeps_operators_paths_inside():
    conf = (ROOT / "deploy/proxy/nginx.conf").read_text()
    for path in ("/healthz", "/readyz", "/metrics"):
        assert re.search(rf"location = {path} {{ return 404; }}", conf)
