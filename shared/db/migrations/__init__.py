"""Migrations: brings a service's database to the revisions in its `migrations/versions`, by Alembic.

A service owns nothing but that folder; how Alembic is run stands here, once for all. A new revision is
drafted from the difference between `services.X.models.metadata` and a database at the newest revision:

    python -m shared.db.migrations services.intake "Keep the district of a submission" [sqlite:///…]

Without an address a scratch SQLite file is brought to the newest revision first. The draft is then tidied
by hand and committed. It must run on PostgreSQL and SQLite.
"""

from shared.db.migrations.runner import Status, draft, status, upgrade

__all__ = ["Status", "draft", "status", "upgrade"]
