"""
What a group of decisions changes, and the statements that do it: the same few for any number of decisions and shards.

| | statement |
|---|---|
| fence | locks the leases of all shards of the group, in the order of their names |
| declared | of watches that have no rows yet: they are still declared, and of this shard |
| checked | the times, and the sequence: changed where shard and sequence are what they were, else refused |
| states, changes | of durable decisions, and of those with a new page |
| messages, events | behind the lock of their order (`outbox_statements.py`) |

`checked` has a row for each that `state` has, of the same shard and sequence: so the check that finds nothing new
touches one narrow row, and compares it. Rows are locked in the order of the ids; who moves a watch to another shard
locks its declaration first, then `checked`, then `state`.

A row that somebody holds would hold up all others of its group, and those that come after it: so it is waited for a
moment here, and then by whoever saves, who goes on with the others meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec import Struct
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from watcher.core.check import Change, Decision
from watcher.errors import HeldUpError, LeaseLostError, StaleDecisionError, StoreError
from watcher.store.cluster.cluster_row import ClusterRow
from watcher.store.cluster.leases import Fence, fence_all
from watcher.store.cluster.outbox_statements import add_messages, keep_order, note_events
from watcher.store.postgresql.connections import LOCK_SECONDS
from watcher.store.pruning import AT_ONCE, KEPT_BYTES, KEPT_CHANGES, LARGE_BYTES
from watcher.store.records import write_change, write_checked, write_state

_GROUP_WAITS_SECONDS: Final = 0.2
"""So long a group waits for a row that somebody holds, before others go on without."""
_EPOCH: Final = "SELECT epoch, set_config('lock_timeout', %(wait)s, true) FROM watcher.cluster"
_WAIT_AS_LONG: Final = f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"
_DECLARED: Final = """
SELECT watch FROM watcher.declaration JOIN unnest(%(watches)s::text[], %(shards)s::int[]) AS new (watch, shard)
USING (watch, shard) WHERE NOT is_gone ORDER BY watch FOR SHARE OF declaration
"""
_CHECK: Final = """
UPDATE watcher.checked SET sequence = new.sequence, record = new.record
FROM unnest(
    %(watches)s::text[], %(shards)s::int[], %(befores)s::bigint[], %(sequences)s::bigint[], %(records)s::text[]
) AS new (watch, shard, before, sequence, record)
WHERE checked.watch = new.watch AND checked.shard = new.shard AND checked.sequence = new.before
"""
_BEGIN: Final = """
INSERT INTO watcher.checked (watch, shard, sequence, record)
SELECT watch, shard, sequence, record
FROM unnest(%(watches)s::text[], %(shards)s::int[], %(sequences)s::bigint[], %(records)s::text[])
AS new (watch, shard, sequence, record) ORDER BY watch
ON CONFLICT (watch) DO UPDATE SET sequence = excluded.sequence, record = excluded.record
WHERE checked.shard = excluded.shard AND checked.sequence = 0
"""
_FOUND: Final = """
SELECT watch, shard, sequence FROM watcher.checked WHERE watch = ANY(%(watches)s)
"""
_HELD_DECLARATIONS: Final = """
WITH free AS (SELECT watch FROM watcher.declaration WHERE watch = ANY(%(watches)s) FOR SHARE SKIP LOCKED)
SELECT watch FROM watcher.declaration WHERE watch = ANY(%(watches)s) AND watch NOT IN (SELECT watch FROM free)
"""
_HELD: Final = """
WITH free AS (SELECT watch FROM watcher.checked WHERE watch = ANY(%(watches)s) FOR NO KEY UPDATE SKIP LOCKED)
SELECT watch FROM watcher.checked WHERE watch = ANY(%(watches)s) AND watch NOT IN (SELECT watch FROM free)
"""
_SAVED: Final = """
SELECT count(*) FROM watcher.checked
JOIN unnest(%(watches)s::text[], %(shards)s::int[], %(sequences)s::bigint[], %(records)s::text[])
AS new (watch, shard, sequence, record) USING (watch, shard, sequence, record)
"""
_STATES: Final = """
INSERT INTO watcher.state (watch, shard, sequence, record)
SELECT watch, shard, sequence, record
FROM unnest(%(watches)s::text[], %(shards)s::int[], %(sequences)s::bigint[], %(records)s::text[])
AS new (watch, shard, sequence, record) ORDER BY watch
ON CONFLICT (watch) DO UPDATE SET sequence = excluded.sequence, record = excluded.record
"""
_CHANGES: Final = """
INSERT INTO watcher.change (watch, sequence, record)
SELECT watch, sequence, record FROM unnest(%(watches)s::text[], %(sequences)s::bigint[], %(records)s::text[])
AS new (watch, sequence, record)
ON CONFLICT (watch, sequence) DO UPDATE SET record = excluded.record
"""
_DROP_OLD: Final = """
DELETE FROM watcher.change USING (
    SELECT old.watch, old.sequence FROM unnest(%(watches)s::text[]) AS of (watch), LATERAL (
        SELECT watch, sequence FROM watcher.change WHERE change.watch = of.watch
        ORDER BY sequence DESC OFFSET %(kept)s LIMIT %(most)s
    ) AS old
) AS old WHERE change.watch = old.watch AND change.sequence = old.sequence
"""
_DROP_LARGE: Final = """
DELETE FROM watcher.change USING (
    SELECT old.watch, old.sequence FROM unnest(%(watches)s::text[]) AS of (watch), LATERAL (
        SELECT watch, sequence FROM (
            SELECT watch, sequence, sum(octet_length(record)) OVER newest_first AS taken,
                row_number() OVER newest_first AS number
            FROM watcher.change WHERE change.watch = of.watch WINDOW newest_first AS (ORDER BY sequence DESC)
        ) AS kept WHERE taken > %(bytes)s AND number > 1 ORDER BY sequence DESC LIMIT %(most)s
    ) AS old
) AS old WHERE change.watch = old.watch AND change.sequence = old.sequence
"""


class Step(Struct):
    """
    What a group makes of one watch.

    Attributes:
        before: the sequence that is stored.
        newest: the last decision.
        written: the last one whose state is saved; None: none is.
    """

    watch: str
    shard: int
    before: int
    newest: Decision
    written: Decision | None = None

    @property
    def sequence(self) -> int:
        """The sequence that is stored then."""
        return self.newest.state.sequence


def steps_of(decisions: Iterable[Decision], shard_of: Callable[[str], int]) -> Sequence[Step]:
    """
    Return what becomes of each watch, in the order of their ids.

    Raises:
        StaleDecisionError: two decisions of a watch do not follow each other.
        LeaseLostError: by `shard_of`.
    """
    steps: dict[str, Step] = {}
    for decision in decisions:
        watch, before = decision.watch, decision.state.sequence - decision.is_durable
        step = steps.get(watch)
        if step is None:
            step = steps[watch] = Step(watch, shard_of(watch), before, decision)
        elif step.sequence != before:
            raise _stale(watch, decision.state.sequence, step.sequence)
        step.newest = decision
        if decision.is_durable or decision.has_new_page:
            step.written = decision
    return [steps[watch] for watch in sorted(steps)]


class GroupCommit:
    """
    The transaction that saves a group of decisions.

    Done again because the answer to its COMMIT was lost, it finds what it saved, and that is all: a record has the
    moment of its check, so what is stored is this group's, and nobody else's with the same sequence.
    """

    def __init__(
        self, decisions: Sequence[Decision], steps: Sequence[Step], fences: Sequence[Fence], cluster: ClusterRow
    ) -> None:
        self._decisions = decisions
        self._steps = steps
        self._fences = fences
        self._cluster = cluster
        self._was_tried = False

    def __call__(self, connection: Connection) -> None:
        """
        Save the decisions within the transaction of this connection.

        Raises:
            StaleDecisionError: a watch has another state than that from which it was decided.
            LeaseLostError: a watch has another writer.
            HeldUpError: others hold the rows of some watches.
            StoreError: the database was restored since: its messages would have ids that were told.
        """
        is_again, self._was_tried = self._was_tried, True
        try:
            if is_again:  # what holds its rows may be its own first time, of which nobody heard
                self._save(connection, wait_seconds=LOCK_SECONDS)
            else:
                self._save_unless_held_up(connection)
        except StaleDecisionError:
            if not (is_again and _is_saved(connection, self._steps)):
                raise

    def _save_unless_held_up(self, connection: Connection) -> None:
        """Save all, or raise HeldUpError; after a longer wait where what was waited for is no row of these."""
        try:
            self._save(connection, wait_seconds=_GROUP_WAITS_SECONDS)
        except DBAPIError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            connection.rollback()
            _refuse_held_up(connection, self._steps)
            self._save(connection, wait_seconds=LOCK_SECONDS)

    def _save(self, connection: Connection, *, wait_seconds: float) -> None:
        fence_all(connection, self._fences)
        _require_epoch(connection, self._cluster.epoch, wait_seconds=wait_seconds)
        _check(connection, self._steps)
        _write_states(connection, [step for step in self._steps if step.written is not None])
        _write_changes(connection, [decision.change for decision in self._decisions if decision.change])
        messages = [message for decision in self._decisions for message in decision.messages]
        events = [event for decision in self._decisions for event in decision.events]
        if messages or events:
            connection.exec_driver_sql(_WAIT_AS_LONG)
            keep_order(connection)
            add_messages(connection, messages, topic_shards=self._cluster.topic_shards)
            note_events(connection, events)


def _require_epoch(connection: Connection, epoch: str, *, wait_seconds: float) -> None:
    """Raise StoreError where it is another one; what comes next waits so long for a lock."""
    if connection.exec_driver_sql(_EPOCH, {"wait": f"{wait_seconds * 1000:.0f}ms"}).scalar() != epoch:
        raise StoreError("the database was restored, or replaced, since this process took its leases")


def _refuse_held_up(connection: Connection, steps: Sequence[Step]) -> None:
    """Raise HeldUpError where others hold rows of these; locks what they do not hold."""
    new = [step.watch for step in steps if not step.before]
    found = [
        *connection.exec_driver_sql(_HELD_DECLARATIONS, {"watches": new}),
        *connection.exec_driver_sql(_HELD, {"watches": [step.watch for step in steps]}),
    ]
    held = {watch for (watch,) in found}
    if held:
        raise HeldUpError(f"others hold the rows of {len(held)} of {len(steps)} watches", held)
    connection.rollback()


def _check(connection: Connection, steps: Sequence[Step]) -> None:
    known = [step for step in steps if step.before]
    new = [step for step in steps if not step.before]
    if new:
        _require_declared(connection, new)
        _require_all(connection, new, _BEGIN)
    if known:
        _require_all(connection, known, _CHECK)


def _require_declared(connection: Connection, steps: Sequence[Step]) -> None:
    """Raise LeaseLostError: one was removed, or is in another shard by now, where its state would not be found."""
    found = {watch for (watch,) in connection.exec_driver_sql(_DECLARED, _places(steps))}
    for step in steps:
        if step.watch not in found:
            raise LeaseLostError(f"watch {step.watch}: it is not declared in this process' part any more")


def _require_all(connection: Connection, steps: Sequence[Step], statement: str) -> None:
    """Change the rows of all, or raise StaleDecisionError or LeaseLostError."""
    rows = _checked(steps) | {"befores": [step.before for step in steps]}
    if connection.exec_driver_sql(statement, rows).rowcount == len(steps):
        return
    connection.rollback()  # to see what was there before
    raise _refusal(connection, steps)


def _is_saved(connection: Connection, steps: Sequence[Step]) -> bool:
    number: int = connection.exec_driver_sql(_SAVED, _checked(steps)).scalar_one()
    return number == len(steps)


def _refusal(connection: Connection, steps: Sequence[Step]) -> StaleDecisionError | LeaseLostError:
    rows = connection.exec_driver_sql(_FOUND, {"watches": [step.watch for step in steps]})
    found = {row.watch: (row.shard, row.sequence) for row in rows}
    for step in steps:
        shard, sequence = found.get(step.watch, (step.shard, 0))
        if shard != step.shard:
            return LeaseLostError(f"watch {step.watch}: it is in another process' part by now")
        if sequence != step.before:
            return _stale(step.watch, step.sequence, sequence)
    return StaleDecisionError("a state moved on and back meanwhile")


def _stale(watch: str, sequence: int, known: int) -> StaleDecisionError:
    return StaleDecisionError(f"watch {watch}: decision {sequence} does not follow {known}")


def _write_states(connection: Connection, steps: Sequence[Step]) -> None:
    if not steps:
        return
    records = [write_state(step.written.state) for step in steps if step.written is not None]
    rows = {**_places(steps), "sequences": [step.sequence for step in steps], "records": records}
    connection.exec_driver_sql(_STATES, rows)


def _write_changes(connection: Connection, changes: Sequence[Change]) -> None:
    if not changes:
        return
    records = [write_change(change) for change in changes]
    rows = {
        "watches": [change.watch for change in changes],
        "sequences": [change.sequence for change in changes],
        "records": records,
    }
    connection.exec_driver_sql(_CHANGES, rows)
    watches = sorted({change.watch for change in changes})
    connection.exec_driver_sql(_DROP_OLD, {"watches": watches, "kept": KEPT_CHANGES, "most": AT_ONCE})
    sizes = zip(changes, map(len, records), strict=True)
    large = sorted({change.watch for change, size in sizes if size > LARGE_BYTES})
    if large:
        connection.exec_driver_sql(_DROP_LARGE, {"watches": large, "bytes": KEPT_BYTES // 2, "most": AT_ONCE})


def _places(steps: Sequence[Step]) -> dict[str, list[object]]:
    return {"watches": [step.watch for step in steps], "shards": [step.shard for step in steps]}


def _checked(steps: Sequence[Step]) -> dict[str, list[object]]:
    return _places(steps) | {
        "sequences": [step.sequence for step in steps],
        "records": [write_checked(step.newest.state) for step in steps],
    }
