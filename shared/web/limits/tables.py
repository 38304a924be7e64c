"""The table of database-backed limits."""

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table


def add_limits(metadata: MetaData) -> Table:
    """Declare the table: per key (a hash) the moment until which its budget is spoken for, in microseconds."""
    return Table(
        "rate_limits",
        metadata,
        Column("key", LargeBinary(32), primary_key=True),
        Column("spoken_until", BigInteger, nullable=False),
        Column("period", BigInteger, nullable=False),
    )
