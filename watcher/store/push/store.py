"""
The push store: one database, and its nouns within a transaction.

A transaction is a plain function of its nouns, done in a thread: it is never broken off, and what it needs of the event
loop is given to it beforehand.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import copy_context
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

from watcher.core.databases import ClusterDatabase, DatabasePlace
from watcher.core.pace import CALLBACKS
from watcher.core.wakeups import Woken
from watcher.errors import StoreError
from watcher.store.damage import PUSH
from watcher.store.old_place import moved_error, refuse_moved
from watcher.store.postgresql.extra import needing_extra
from watcher.store.push.accounts import Accounts
from watcher.store.push.acts import Acts
from watcher.store.push.addresses import Addresses
from watcher.store.push.approvers import Approvers
from watcher.store.push.apps import Apps
from watcher.store.push.callbacks import Callbacks
from watcher.store.push.claims import Claims
from watcher.store.push.codes import Codes
from watcher.store.push.confirmations import Confirmations
from watcher.store.push.database import Database
from watcher.store.push.deliveries import Deliveries
from watcher.store.push.delivery_events import DeliveryEvents
from watcher.store.push.devices import Devices
from watcher.store.push.duty import LEASE
from watcher.store.push.epoch import recognise, refuse_lost, remember_database, remember_epoch
from watcher.store.push.fan_outs import FanOuts
from watcher.store.push.feeds import Feeds
from watcher.store.push.file_database import open_file
from watcher.store.push.followers import Followers
from watcher.store.push.made import MadeCounts
from watcher.store.push.message_log import MessageLog
from watcher.store.push.messages import Messages
from watcher.store.push.mirrors import Mirrors
from watcher.store.push.moves import Moves
from watcher.store.push.ntfy import NtfyEntries
from watcher.store.push.operators import Operators
from watcher.store.push.schema import HEAD, bring_up_to_date, require_columns, revision
from watcher.store.push.sessions import Sessions
from watcher.store.push.sign_ins import SignIns
from watcher.store.push.subscribers import Subscribers
from watcher.store.push.subscriptions import Subscriptions
from watcher.store.push.tokens import Tokens
from watcher.store.push.topics import Topics
from watcher.store.push.wakeups import Wakeups
from watcher.store.push.webhooks import Webhooks
from watcher.store.push.wechat_calls import WeChatCalls
from watcher.store.schemas import GRANT_ADVICE

if TYPE_CHECKING:
    from watcher.store.push.handovers import Handovers

T = TypeVar("T")


class Transaction:
    """All nouns over one transaction."""

    def __init__(self, connection: Connection, *, max_callbacks: int = CALLBACKS) -> None:
        """`max_callbacks`: that may wait for one application."""
        self._connection = connection
        self.apps = Apps(connection)
        self.topics = Topics(connection)
        self.subscribers = Subscribers(connection)
        self.subscriptions = Subscriptions(connection)
        self.followers = Followers(connection)
        self.messages = Messages(connection)
        self.message_log = MessageLog(connection)
        self.deliveries = Deliveries(connection)
        self.devices = Devices(connection)
        self.codes = Codes(connection)
        self.callbacks = Callbacks(connection)
        self.webhooks = Webhooks(connection)
        self.tokens = Tokens(connection)
        self.addresses = Addresses(connection)
        self.claims = Claims(connection)
        self.confirmations = Confirmations(connection)
        self.fan_outs = FanOuts(connection)
        self.feeds = Feeds(connection)
        self.mirrors = Mirrors(connection)
        self.ntfy = NtfyEntries(connection)
        self.events = DeliveryEvents(connection)
        self.operators = Operators(connection)
        self.accounts = Accounts(connection)
        self.sessions = Sessions(connection)
        self.approvers = Approvers(connection)
        self.sign_ins = SignIns(connection)
        self.wechat_calls = WeChatCalls(connection)
        self.moves = Moves(connection)
        self.made = MadeCounts(connection)
        self.acts = Acts(connection)
        self.max_callbacks = max_callbacks

    @cached_property
    def handovers(self) -> Handovers:
        """What is to be handed to addresses. To build its statements takes 30 ms, and many passes need none."""
        from watcher.store.push.handovers import Handovers

        return Handovers(self._connection)


class PushStore:
    """
    The push service's database. Made by `open_push_store`; used from one event loop.

    Attributes:
        wakeups: who waits in this process for what a commit may bring.
    """

    def __init__(self, database: Database, *, max_callbacks: int = CALLBACKS) -> None:
        self.wakeups = Wakeups()
        self._database = database
        self._transaction = partial(Transaction, max_callbacks=max_callbacks)

    async def write(
        self,
        work: Callable[[Transaction], T],
        *,
        wakes: Callable[[T], Woken] | None = None,
        then: Callable[[T], object] | None = None,
        is_send: bool = False,
    ) -> T:
        """
        Return what `work` returns, done as one transaction and saved; an error in it saves nothing.

        It sees the context variables of the caller, such as who asks for it, whatever thread it runs in.

        Args:
            wakes: says who has something new by what it returned. They are told with the commit, here and in other
                processes, whatever became of the caller.
            then: is called in the loop after the commit, as above.
            is_send: it stores messages, and may be done beside other such ones: it counts nothing that is limited.

        Raises:
            StoreError: nothing was saved.
            LeaseLostError: the same, for it is done under a lease that another process has, or may have.
        """
        context, lease = copy_context(), LEASE.get()
        if lease is not None:
            lease.check()

        def transact(connection: Connection) -> T:
            if lease is not None:
                lease.fence(connection)
            return context.run(work, self._transaction(connection))

        def end(result: T) -> None:
            if then is not None:
                then(result)
            if wakes is not None:
                self.wakeups.wake(wakes(result))

        return await self._database.write(transact, wakes=wakes, then=end, is_send=is_send)

    async def read(self, work: Callable[[Transaction], T], *, is_one_statement: bool = False) -> T:
        """
        Return what `work` returns, all from one snapshot, without waiting for writers.

        Args:
            is_one_statement: it asks no more than one, which sees one snapshot by itself.

        Raises StoreError; LeaseLostError as `write`, when nothing may be done with what was read.
        """
        found = await self._database.read(
            lambda connection: work(self._transaction(connection)), is_one_statement=is_one_statement
        )
        if (lease := LEASE.get()) is not None:
            lease.check()
        return found

    async def foreign_commit(self) -> bool:
        """
        Return whether another process may have written since the last call, or since the opening, without being heard.

        Raises StoreError.
        """
        return await self._database.foreign_commit(are_heard=self.wakeups.are_heard)

    def is_own(self, sender: str) -> bool:
        """Return whether this process is the sender of a notice."""
        return self._database.is_own(sender)

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()


async def open_push_store(place: DatabasePlace, *, max_callbacks: int = CALLBACKS) -> PushStore:
    """
    Open the database, made and migrated where needed.

    Args:
        max_callbacks: that may wait for one application.

    Raises StoreError; DamagedError when it is gone or broken.
    """
    return PushStore(await open_database(place), max_callbacks=max_callbacks)


async def revision_at(place: DatabasePlace) -> str | None:
    """Return the revision of the tables as they are, which are not changed; None: there are none. Raises StoreError."""
    if isinstance(place, Path):
        _refuse_moved_file(place)
        if not place.exists():
            return None
    database: Database = await (open_file(place) if isinstance(place, Path) else _reached(place, is_made=False))
    try:
        return await database.read(revision)
    finally:
        await database.close()


async def open_database(place: DatabasePlace) -> Database:
    """Open the database without its nouns; as `open_push_store`."""
    return await (_open_file(place) if isinstance(place, Path) else _open_in_cluster(place))


async def _open_file(path: Path) -> Database:
    _refuse_moved_file(path)
    refuse_lost(path)
    database = await open_file(path)
    async with _closed_on_error(database):
        await bring_up_to_date(database)
        await database.read(require_columns)
        await remember_epoch(database, path)
        await database.remember_version()
    return database


async def _open_in_cluster(place: ClusterDatabase) -> Database:
    database = await _reached(place, is_made=True)
    async with _closed_on_error(database):
        is_known = await recognise(database, place.data, place.shown)  # before anything is made or changed there
        if not (is_known or place.may_migrate):
            await _refuse_older(database, place)
        await bring_up_to_date(database)
        await remember_database(database, place.data)
        await database.remember_version()
    return database


async def _refuse_older(database: Database, place: ClusterDatabase) -> None:
    """Raise StoreError where to use it would be to migrate what may be somebody else's."""
    found = await database.read(revision)
    if found is not None and found < HEAD:
        raise StoreError(
            f"the tables of {place.shown} are of an older watcher (revision {found}; this version makes {HEAD}), and "
            f"{place.data} was not used with them before; if they are yours, migrate them: `watcher database upgrade`"
        )


async def _reached(place: ClusterDatabase, *, is_made: bool) -> Database:
    """Return a cluster's database as it is, but for its schema, which may be made. Raises ConfigError, StoreError."""
    with needing_extra():
        from watcher.store.push.server_database import open_server
        from watcher.store.push.server_side import may_look, moved_to
    database = await open_server(place.url, data=place.data, is_served=place.is_served, is_made=is_made)
    async with _closed_on_error(database):
        if not await database.read(may_look):
            raise StoreError(f"{place.shown}: permission denied for schema push; {GRANT_ADVICE}")
        if (new_place := await database.read(moved_to)) is not None:
            raise moved_error(place.shown, new_place)
    return database


def _refuse_moved_file(path: Path) -> None:
    if path.name == PUSH:
        refuse_moved(path.parent)


@asynccontextmanager
async def _closed_on_error(database: Database) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        await database.close()
        raise
