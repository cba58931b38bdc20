"""What the flow asks of its edges. A protocol stands here when two implementations exist or are certain."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from typing import Protocol

from watcher.core.check import Change, Decision, NotedEvent, OutboxEntry, OutboxMessage, WatchState
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
    """
    The states of watches, and what each check came to. What was saved outlives a kill and the loss of power.

    A watch has one writer at a time. Whoever is cancelled in a call waits for its end.
    """

    @property
    def epoch(self) -> str:
        """A random name of this state's life; a restored backup starts a new one."""

    async def states(self) -> Mapping[str, WatchState]:
        """Return the state of every watch that has one, by watch id. Raises StoreError."""

    async def state_of(self, watch: str) -> WatchState | None:
        """Return the state of a watch as it is now; None where it has none. Raises StoreError."""

    async def commit(self, decisions: Sequence[Decision]) -> None:
        """
        Save each decision's state, change, events and messages, all in one transaction, in their order.

        Several may be of one watch. The sequence of a durable one follows that of the state before it by one, and any
        other's is the same: of such a one the times are saved, and the state only with a new page. The messages are
        appended to the outbox; one whose id lives there already stays as it is.

        Raises:
            StaleDecisionError: a state that is stored is not the one that a decision was made from.
            LeaseLostError: a watch has, or may have, another writer by now.
            HeldUpError: others hold what is stored of some of these watches, for now.
            StoreError: the disk refused. In each case nothing was saved, unless it says that this is not known: then
                the next decision of a watch may be stale.
        """


class OutboxAppender(Protocol):
    """Takes messages that are to be published, from anybody."""

    async def add(self, messages: Sequence[OutboxMessage]) -> None:
        """Append messages in their order; one whose id lives here already stays as it is. Raises StoreError."""


class Outbox(OutboxAppender, Protocol):
    """
    Messages that wait to be published, in one order; a dead one is given up, and kept for the operator to see.

    Anybody may add. One at a time publishes, and does the rest. Each call is one transaction, of which nothing is
    saved when it raises StoreError; whoever is cancelled in it waits for its end.
    """

    async def waiting(self) -> Sequence[OutboxEntry]:
        """Return the living entries, in order."""

    async def entries(self, message_ids: Collection[str]) -> Sequence[OutboxEntry]:
        """Return those of these messages that are here, living or dead, in order."""

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        """
        Remove what was taken, save how the rest stands now, and add new messages.

        Args:
            settled: ids of living messages; an unknown one is passed over.
            failed: entries in place of those with the same order; one may be dead now, or live again.
            new: as `add` takes them.
        """

    async def drop(self, entries: Sequence[OutboxEntry]) -> None:
        """Remove these, living or dead; one that is gone is passed over."""


class WatchReader(Protocol):
    """
    Reads what the watcher keeps, in any process, whether the watcher runs or not; each answer is of a moment.

    Each blocks, and may raise StoreError: an iterator at any of its steps. What an iterator is not asked for is not
    read, so its first steps are a page, and the last key of a page is where the next one begins. What is saved while
    it is asked may be among what it yields.
    """

    def epoch(self) -> str:
        """Return the epoch of this state; nothing where there is none."""

    def each_state(self, *, after: str = "") -> Iterator[tuple[str, WatchState]]:
        """Yield every watch with its state, in the order of the ids; those that follow `after`."""

    def state(self, watch: str) -> WatchState | None:
        """Return one watch's state; None when there is no such watch."""

    def changes(self, watch: str, *, after: int = 0) -> Iterator[Change]:
        """Yield a watch's changes with a sequence number above `after`, oldest first."""

    def newest_changes(
        self, watch: str, *, before: int = 0, limit: int, most_bytes: int = 2_000_000
    ) -> Sequence[Change]:
        """
        Return a watch's changes with a sequence below `before` (0: all), newest first.

        At most `limit`, and about so many bytes, but one at least.
        """

    def newest_events(self, watch: str, *, limit: int) -> Sequence[NotedEvent]:
        """Return a watch's events, newest first, without what a change brought."""

    def first_event(self) -> int:
        """Return the number of the oldest event that is kept; 0 when there is none."""

    def last_event(self) -> int:
        """Return the number of the last event; 0 when there was none."""

    def each_event(self, *, after: int = 0) -> Generator[NotedEvent]:
        """Yield events with a number above `after`, oldest first, without what a change brought."""

    def events(self, *, after: int = 0, limit: int = 1_000) -> Sequence[NotedEvent]:
        """
        Return events with a number above `after`, oldest first, and with a change what it brought.

        At least `limit`, where there are so many: those of a transaction may come together.
        """

    def with_change(self, noted: NotedEvent) -> NotedEvent:
        """Return the event with what it says to have changed, while the history has it."""

    def outbox(self) -> Sequence[OutboxEntry]:
        """Return the messages that are not delivered, those that were given up included, in order."""
