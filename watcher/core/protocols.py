"""What the flow asks of its edges. A protocol stands here when two implementations exist or are certain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from watcher.core.check import Decision, OutboxEntry, OutboxMessage, WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.watch import Request
from watcher.errors import PublishError


class Fetcher(Protocol):
    """A page over the network: plain HTTP, later a browser."""

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        """
        Return the page, or that it is unchanged.

        Waits for the host's lane first. Ends within the request's timeout after that.

        Raises:
            FetchError: no page came back. Nothing else escapes, but cancellation.
        """


class Publisher(Protocol):
    """Takes outbox messages to a push service: in the process, or over HTTP."""

    @property
    def batch(self) -> int:
        """How many messages to hand over at a time: what a kill may make come twice where repeats are not known."""

    async def publish(self, messages: Sequence[OutboxMessage]) -> Sequence[PublishError | None]:
        """
        Publish each message at most once per id, in order, and return one answer per message.

        None: positively understood as taken. Never raises for a message's sake; a failure of the whole
        batch is a PassingPublishError for each.
        """


class WatchStore(Protocol):
    """Watch states, change records and the outbox. Only one process writes."""

    @property
    def epoch(self) -> str:
        """A random name of this state's life; a restored backup starts a new one."""

    async def states(self) -> Mapping[str, WatchState]:
        """Return the state of every watch that has one, by watch id."""

    async def commit(self, decisions: Sequence[Decision]) -> None:
        """
        Save each decision's state, change and messages, all in one transaction.

        Raises:
            StaleDecisionError: a state on disk is not the one that a decision was made from; nothing was saved.
            StoreError: the disk refused; nothing was saved.
        """

    async def outbox(self) -> Sequence[OutboxEntry]:
        """Return the living entries, in order."""

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        """
        Remove the messages with the ids `settled`, save the new state of those in `failed`, add `new` ones.

        One transaction.
        """
