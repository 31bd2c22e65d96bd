"""Runs the migrations on DATABASE_URL, or on the connection that install.database hands over."""

from alembic import context
from sqlalchemy.engine import Connection

from actions.lending.database import open_database
from actions.lending.models import metadata


def migrate(connection: Connection) -> None:
    """Run the wanted migrations in one transaction."""
    # render_as_batch: SQLite cannot alter a column, so alembic copies the table.
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
elif context.is_offline_mode():
    context.configure(url=str(open_database().engine.url), target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    database = open_database()
    with database.engine.connect() as own:
        migrate(own)
    database.close()
