"""Where the push service keeps what it knows: a file, or the database of a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeAlias

from msgspec import Struct

ANSWER_SECONDS: Final = 45.0
"""So long a connection waits for an answer of a PostgreSQL: longer than any statement may take."""


class ClusterDatabase(Struct, frozen=True, kw_only=True):
    """
    A database of a PostgreSQL.

    Attributes:
        url: `postgresql://user:password@host:5432/name`; no message shows its password.
        data: the data directory of this server, which remembers by a number which database it was used with.
        is_served: whoever opens it is a server, of which there may be several; commands open it beside.
        may_migrate: its older tables are migrated also where the data directory has not been used with it: somebody
            has asked for that.
    """

    url: str
    data: Path
    is_served: bool = False
    may_migrate: bool = False

    @property
    def shown(self) -> str:
        """The URL as it may be shown: without its password, and without settings."""
        scheme, _, rest = self.url.partition("://")
        user, at, address = rest.rpartition("@")  # a password may have a `?`
        return f"{scheme}://{user.partition(':')[0]}{at}{address.partition('?')[0]}"

    def __repr__(self) -> str:
        return f"ClusterDatabase(data={self.data!r})"


DatabasePlace: TypeAlias = Path | ClusterDatabase
