"""The last page of note of each watch of a cluster, as rows; what `store/kept_pages.py` is for a data directory."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Collection
from typing import Final

import msgspec
from sqlalchemy.exc import DBAPIError

from watcher.core.kept_page import MOST_BYTES, KeptPage
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.errors import to_store_error
from watcher.store.postgresql.urls import parse
from watcher.store.schemas import CLUSTER

_CONNECTIONS: Final = 2
_MOST_READ: Final = 8 * MOST_BYTES
"""Of a row: JSON writes some characters as six bytes."""
_KEEP: Final = """
INSERT INTO watcher.page (watch, record) VALUES (%(watch)s, %(record)s)
ON CONFLICT (watch) DO UPDATE SET record = excluded.record
"""
_READ: Final = "SELECT record FROM watcher.page WHERE watch = %(watch)s AND octet_length(record) <= %(most)s"
_FORGET: Final = "DELETE FROM watcher.page WHERE watch = ANY(%(watches)s)"
_KEEP_DECLARED: Final = """
DELETE FROM watcher.page WHERE NOT EXISTS (
    SELECT 1 FROM watcher.declaration WHERE declaration.watch = page.watch AND NOT is_gone
)
"""
_log = logging.getLogger(__name__)


class ClusterKeptPages:
    """Keeps the pages in a cluster's database, or reads them. Each blocks; used from any thread."""

    def __init__(self, url: str) -> None:
        """Raises ConfigError: the URL names no database."""
        self._url = parse(url)
        engine = open_engine(self._url, schema=CLUSTER, connections=_CONNECTIONS, are_reading=False)
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.close = weakref.finalize(self, engine.dispose)

    def keep(self, page: KeptPage) -> None:
        """Put a page in the place of the last one of its watch. What is refused is logged, and nothing else."""
        self._change(_KEEP, f"the page of {page.watch} is not kept", watch=page.watch, record=msgspec.json.encode(page))

    def page(self, watch: str) -> KeptPage | None:
        """Return the page that is kept of a watch, if one is."""
        try:
            with self._engine.connect() as connection:
                record = connection.exec_driver_sql(_READ, {"watch": watch, "most": _MOST_READ}).scalar()
            return None if record is None else msgspec.json.decode(record, type=KeptPage)
        except (DBAPIError, msgspec.MsgspecError):
            return None

    def forget(self, watch: str) -> None:
        """Remove the page of a watch, if one is kept."""
        self.forget_all([watch])

    def forget_all(self, watches: Collection[str]) -> None:
        """Remove the pages of these watches, of those that have one."""
        if watches:
            self._change(_FORGET, "pages of which none is to be kept are not removed", watches=list(watches))

    def keep_declared(self) -> None:
        """Remove the pages of all watches that are not declared in the cluster."""
        self._change(_KEEP_DECLARED, "the pages of watches that are gone are not removed")

    def _change(self, statement: str, trouble: str, **of: object) -> None:
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql(statement, of)
        except DBAPIError as error:
            _log.warning("%s: %s", trouble, to_store_error(self._url, error))
