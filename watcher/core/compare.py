"""What differs between two looks at the same rows."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from watcher.core.values import Row, Rows


class Difference(Struct, frozen=True, kw_only=True):
    """
    The rows that differ: `old` as they were, `new` as they are.

    A row only in `old` went, one only in `new` came, one in both has other values. Order does not count.
    """

    old: Rows
    new: Rows

    def __bool__(self) -> bool:
        return bool(self.old or self.new)


def difference(old: Rows, new: Rows) -> Difference:
    """Return the rows that came, went or have other values."""
    return Difference(
        old={key: row for key, row in old.items() if new.get(key) != row},
        new={key: row for key, row in new.items() if old.get(key) != row},
    )


def restrict(row: Row | None, fields: Iterable[str]) -> Row | None:
    """Return the row with these fields only."""
    return None if row is None else {name: row.get(name) for name in fields}
