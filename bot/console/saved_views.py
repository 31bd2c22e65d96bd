"""SavedViews: searches that somebody keeps under a name; everybody has his own."""

import secrets
import time

from sqlalchemy import func, select
from sqlalchemy.engine import Row

from actions.lending.database import Database
from bot.console.inbox_filter import InboxFilter
from bot.console.inbox_tables import saved_views

MOST = 20
NAME_CHARACTERS = 20


class SavedViews:
    """Keeps, lists and forgets. Blocks: called from worker threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, account: str) -> list[Row]:
        """The account's views in the order they were kept."""
        query = select(saved_views).where(saved_views.c.account == account)
        with self._database.reading() as connection:
            return list(connection.execute(query.order_by(saved_views.c.created_at_ms)).all())

    def keep(self, account: str, name: str, wanted: InboxFilter) -> bool:
        """Keep a search; False without a name or anything asked for, with somebody's number, or with twenty kept."""
        name = name.strip()[:NAME_CHARACTERS]
        query = wanted.query()
        if not name or not query or len(query) > 600 or wanted.names_somebody:
            return False
        with self._database.writing() as connection:
            mine = saved_views.c.account == account
            kept = connection.execute(select(func.count()).select_from(saved_views).where(mine)).scalar_one()
            if kept >= MOST:
                return False
            values = {
                "id": secrets.token_hex(16),
                "account": account,
                "name": name,
                "query": query,
                "created_at_ms": round(time.time() * 1000),
            }
            connection.execute(saved_views.insert().values(**values))
        return True

    def forget(self, account: str, view_id: str) -> None:
        """Remove one of the account's own; another's stays."""
        mine = (saved_views.c.account == account) & (saved_views.c.id == view_id)
        with self._database.writing() as connection:
            connection.execute(saved_views.delete().where(mine))
