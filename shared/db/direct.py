"""One statement that is a transaction by itself, straight on PostgreSQL's driver: for the hottest path only."""

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError

Rows = list[tuple[Any, ...]]


def run_alone(engine: Engine, statement: str, parameters: Mapping[str, Any]) -> Rows:
    """Run it on a connection of the engine's pool; its rows, once it is durable.

    SQLAlchemy's layers around a statement cost more than sending it. Errors are SQLAlchemy's, as everywhere.
    """
    try:
        with closing(engine.raw_connection()) as pooled:
            return _run(pooled, statement, parameters)
    except psycopg.Error as error:
        # Without parameters: errors end in logs, and parameters may be personal.
        raise DBAPIError.instance(statement, None, error, psycopg.Error, hide_parameters=True) from error


def _run(pooled: PoolProxiedConnection, statement: str, parameters: Mapping[str, Any]) -> Rows:
    driver: Any = pooled.driver_connection
    try:
        driver.autocommit = True
        found: Rows = driver.execute(statement, parameters).fetchall()
    finally:
        if driver.info.transaction_status == TransactionStatus.IDLE:
            driver.autocommit = False
        else:
            pooled.invalidate()  # broken, or an answer is still to come, which nobody else shall read
    return found
