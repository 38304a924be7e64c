"""The metadata all tables of routing stand on."""

from sqlalchemy import MetaData

metadata = MetaData()
