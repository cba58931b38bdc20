"""Declaring a file of watches to a cluster: its topics to the push service, its watches as rows."""

from __future__ import annotations

import getpass
import socket
from contextlib import aclosing
from typing import TYPE_CHECKING

from watcher.config.declared import DeclaredFile
from watcher.core.settings import Settings
from watcher.errors import UsageError
from watcher.runtime.serving.service import push_service
from watcher.store.postgresql.extra import needing_extra

if TYPE_CHECKING:
    from watcher.store.cluster.declarations import DeclarationStore
    from watcher.store.cluster.declaring import AppliedRows, WantedRows


async def apply(
    settings: Settings,
    declared: DeclaredFile,
    *,
    origin: str,
    is_dry: bool = False,
    may_delete: bool = False,
    expected: int | None = None,
) -> AppliedRows:
    """
    Make what a file declares the watches of an origin; return what was different.

    Args:
        is_dry, may_delete: as of `DeclarationStore.apply`.
        expected: the generation that somebody looked at before; None: nobody did.

    Raises:
        UsageError: no database is named; or another origin has one of the watches.
        RemovesMuchError: too many would be removed.
        PushError: its topics cannot be declared.
        StaleGenerationError: there is a newer generation than the expected one.
        StoreError: the database refused. In each case no watch was changed.
    """
    if settings.database is None:
        raise UsageError("name the database of the cluster, with --database or WATCHER_DATABASE")
    with needing_extra():
        from watcher.cluster.duties import make_tables
        from watcher.store.cluster.declarations import DeclarationStore
        from watcher.store.cluster.declaring import WantedRows
    wanted = WantedRows(
        origin=origin,
        frame=declared.frame,
        watches=declared.watches,
        digest=declared.digest,
        applied_by=_somebody(),
        expected=expected,
    )
    async with aclosing(DeclarationStore(settings.database)) as store:
        if is_dry:
            return await store.apply(wanted, is_dry=True)
        await make_tables(settings.database)
        return await _apply(settings, declared, wanted, store, may_delete=may_delete)


async def _apply(
    settings: Settings, declared: DeclaredFile, wanted: WantedRows, store: DeclarationStore, *, may_delete: bool
) -> AppliedRows:
    """Apply it; the topics before, for what a watch tells needs them, but nothing where the rest is refused."""
    found = await store.apply(wanted, is_dry=True)
    if may_delete or not found.removes_much:
        async with push_service(settings, declared.file.topics.values()):
            pass
    return await store.apply(wanted, may_delete=may_delete)


def _somebody() -> str:
    """Return who declares, for people: who runs this, and where."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError):  # in a container the user may have no name
        return socket.gethostname()
