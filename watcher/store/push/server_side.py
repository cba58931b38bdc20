"""A database of PostgreSQL as a side of a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Final

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, select

from watcher.core.databases import ANSWER_SECONDS
from watcher.errors import StoreError
from watcher.store.postgresql.connections import SPARE_SECONDS, looking, open_engine
from watcher.store.postgresql.errors import failures
from watcher.store.postgresql.urls import name_of, parse
from watcher.store.push import postgresql
from watcher.store.push.postgresql import Share, UncertainError
from watcher.store.push.presence import without_servers
from watcher.store.push.sides import Side
from watcher.store.push.tables import metadata
from watcher.store.schemas import PUSH

_LONGEST: Final = timedelta(minutes=10)
"""For one statement of a copy, such as the removal of all rows; and while the other side is at work."""
_moved = Table(
    "moved", MetaData(schema=PUSH), Column("single", Integer, primary_key=True), Column("place", Text, nullable=False)
)
"""Of old places alone: made when the rows are moved."""

_MAY_LOOK: Final = "SELECT bool_and(has_schema_privilege(oid, 'USAGE')) FROM pg_namespace WHERE nspname = 'push'"
_REFUSE: Final = """
CREATE FUNCTION refuse_moved() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'its rows were moved to %%', (SELECT place FROM push.moved); END $$
"""


def may_look(connection: Connection) -> bool:
    """Return whether our role sees the tables: to one that may not use their schema they seem not to be there."""
    return connection.exec_driver_sql(_MAY_LOOK).scalar_one() is not False


def moved_to(connection: Connection) -> str | None:
    """Return where the rows of this database went; None: they are here."""
    if not connection.dialect.has_table(connection, _moved.name, schema=PUSH):
        return None
    found: str | None = connection.scalar(select(_moved.c.place))
    return found


class ServerSide:
    """A database of PostgreSQL."""

    def __init__(self, url: str) -> None:
        """Raises ConfigError: it names none."""
        self._url = parse(url)
        self.shown = name_of(self._url)

    def require_there(self) -> None:
        """A database is always there, or cannot be reached."""

    def has_left_for(self, target: Side) -> bool:  # noqa: ARG002 - what it has goes along
        """No: watches of a database go with its subscribers and messages."""
        return False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no server use it meanwhile. Raises LockedError, StoreError."""
        postgresql.prepare(self._url)
        with without_servers(self._url):
            yield

    def looking(self, *, answer_seconds: float = ANSWER_SECONDS) -> AbstractContextManager[Connection]:
        """Give a connection that writes nothing, and waits so long for an answer. Raises StoreError."""
        return looking(self._url, schema=PUSH, answer_seconds=answer_seconds)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that excludes other writers; without `arrive` or `leave` it changes nothing."""
        engine = open_engine(
            self._url,
            schema=PUSH,
            connections=1,
            are_reading=False,
            is_begun=False,
            answer_seconds=_LONGEST.total_seconds() + SPARE_SECONDS,
        )
        try:
            with (
                failures(self._url),
                engine.connect() as connection,
                postgresql.writing(connection, Share.NOTHING),
            ):
                for timeout in ("statement_timeout", "idle_in_transaction_session_timeout"):
                    connection.exec_driver_sql(f"SET LOCAL {timeout} = '{_LONGEST.total_seconds():.0f}s'")
                yield connection
        finally:
            engine.dispose()

    def moved_to(self, connection: Connection) -> str | None:
        """Return where its rows went; None: they are here."""
        return moved_to(connection)

    def admit(self, connection: Connection) -> None:
        """Let rows be written here, which an old place refuses."""
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_moved() CASCADE")

    def arrive(self, connection: Connection, epoch: int) -> None:  # noqa: ARG002 - a row says it
        """Commit the rows that are here from now on."""
        _moved.drop(connection, checkfirst=True)
        # PostgreSQL itself would look at them a minute later, and until then read tables whole where it need not.
        connection.exec_driver_sql(f"ANALYZE {', '.join(metadata.tables)}")
        self.commit(connection)

    def leave(self, connection: Connection, to: Side, epoch: int) -> None:  # noqa: ARG002 - as above
        """Remember that the rows are elsewhere from now on."""
        _moved.create(connection)
        connection.execute(_moved.insert().values(single=1, place=to.shown))
        self.admit(connection)
        connection.exec_driver_sql(_REFUSE)
        for table in metadata.tables:
            connection.exec_driver_sql(
                f"CREATE TRIGGER moved BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_moved()"
            )
        self.commit(connection)

    def commit(self, connection: Connection) -> None:
        """Commit. Raises StoreError: the answer was lost."""
        try:
            postgresql.commit(connection)
        except UncertainError as error:
            raise StoreError(f"{self.shown}: the answer to the commit was lost; say the same command again") from error
