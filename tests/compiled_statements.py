"""
What SQLAlchemy compiled is shared by all SQLite engines of the tests' process: each test opens two that are new, and
each would compile every statement again, which is a sixth of what the tests of the push service cost.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as Dialect

from watcher.store.push import sqlite

_compiled: Final[dict[Any, Any]] = {}


def share() -> None:
    """Let engines that are opened from now on share it."""
    # The key of a compiled statement has the dialect in it, and those of all engines are made alike.
    Dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    Dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    sqlite.create_engine = _create_sharing_engine  # type: ignore[attr-defined]


def _create_sharing_engine(*arguments: Any, **options: Any) -> Engine:
    engine = create_engine(*arguments, **options)
    engine.update_execution_options(compiled_cache=_compiled)
    return engine
