"""What Alembic executes for every service: the connection and the metadata come from the runner."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
