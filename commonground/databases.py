"""The three databases as commands see them: opened one by one, with the tables of their service."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module

from sqlalchemy import Engine, MetaData

from commonground.installation import SERVICES
from shared import config
from shared.db import connect


def connected(service: str, environ: Mapping[str, str]) -> Engine:
    """The service's database, to be disposed of by the caller. Raises Misconfigured."""
    return connect(config.one("database_url", service, environ), pool_size=2)


@contextmanager
def opened(service: str, environ: Mapping[str, str]) -> Iterator[Engine]:
    """The service's database; closed afterwards. Raises Misconfigured."""
    engine = connected(service, environ)
    try:
        yield engine
    finally:
        engine.dispose()


def tables_of(service: str) -> MetaData:
    """The tables of a service."""
    metadata: MetaData = import_module(f"services.{service}.models").metadata
    return metadata


def configured(environ: Mapping[str, str]) -> list[str]:
    """The services whose own address is set; all of them when none is, so that what is missing is named."""
    given = {name.removesuffix("_FILE") for name, value in environ.items() if value}
    return [s for s in SERVICES if f"{s.upper()}_DATABASE_URL" in given] or list(SERVICES)
