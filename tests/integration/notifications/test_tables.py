"""The tables that migrations make are those the code speaks of."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.notifications.models import metadata
from shared.db import connect
from shared.db.migrations import upgrade


def test_migrations_make_the_tables_of_the_models(database_url):
    engine = connect(database_url)
    assert upgrade(engine, "services.notifications").up_to_date
    with engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata) == []
    engine.dispose()
