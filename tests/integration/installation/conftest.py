"""Production's processes, started once for all tests of this folder."""

import tempfile
from pathlib import Path

import pytest

from tests.installation import Installation
from tests.installation.journey import Journey
from tests.installation.provider import ProviderProcess
from tests.installation.proxy import Proxy
from tests.installation.staff import add_staff, staff_token
from tests.servers.fixtures import or_skip
from tests.servers.search import local_kafka, local_postgres


@pytest.fixture(scope="session")
def servers():
    """A broker and a PostgreSQL of their own: names are production's, and processes are killed."""
    with tempfile.TemporaryDirectory(prefix="commonground-parity-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        kafka = or_skip(lambda: local_kafka(directory / "kafka"))
        postgres = or_skip(lambda: local_postgres(directory / "postgres"))
        try:
            kafka.start()
            postgres.start()
            yield directory, kafka, postgres
        finally:
            kafka.stop()
            postgres.stop()


@pytest.fixture(scope="session")
def journey(servers):
    """All six processes and the proxy, ready; with staff and the provider."""
    directory, kafka, postgres = servers
    or_skip(Proxy.required)
    provider = ProviderProcess(directory)
    installation = Installation(
        directory, bus_url=kafka.url, postgres_url=postgres.url, variables=provider.variables
    )
    provider.start(installation.url, installation.url)
    try:
        installation.prepare()
        logins = add_staff(installation)
        installation.start()
        installation.proxy.start()
        yield Journey(installation, provider, staff_token(installation, logins["oversight"]))
    finally:
        installation.stop()
        provider.stop()
