"""
Handovers: the queue of what is to be handed to addresses, and the deliveries that hang on it.

A reader's first channel is queued in the transaction that fills the inbox, a further one in the transaction that
settles why. A handover is removed by the transaction that says what became of it, and by nothing else: what a kill
left behind is handed over again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, assert_never

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Insert, Row, Select, delete, func, or_, select, update

from watcher.core.channels import Address, ChannelName
from watcher.core.handovers import (
    ADDRESS_LOST,
    LONGEST_WAIT,
    WORTH_TELLING,
    GivenUp,
    Handover,
    HandoverOutcome,
    Look,
    Looked,
    Onward,
    Settled,
    Taken,
    Waiting,
)
from watcher.core.pace import LEAST_FAILOVER_AFTER
from watcher.core.push import SEEN_STATES, Message
from watcher.store.push import handover_statements as statements
from watcher.store.push.addresses import Addresses, address_columns, address_of
from watcher.store.push.delivery_events import DeliveryEvents
from watcher.store.push.messages import message_of, messages_by_id
from watcher.store.push.rows import Rows
from watcher.store.push.subscribers import preference_columns, preferences_of
from watcher.store.push.tables import addresses, deliveries, handovers, microseconds_of

_EVERY_CHANNEL: Final = [name for name in ChannelName if name is not ChannelName.INBOX]
_LAST_ID: Final = 2**63 - 1
_MESSAGE_ID: Final = len(address_columns)
"""Where the id of its message stands in a row of `heads`: it is read by place, a tenth of what it costs by name."""
_PREFERENCES_END: Final = _MESSAGE_ID + 1 + len(preference_columns)
_WANTS_OF_LOOK: Final = 5
"""Where the preferences begin in a row of `due_looks`."""


class Overview(Struct, frozen=True, kw_only=True):
    """
    What there is to do.

    Attributes:
        lanes: those in which anything is due.
        has_unsorted: something waits for an address of which no lane is known.
        due_at: when the next that is not due yet will be; None: there is none.
        look_at: when to look next; None: never.
    """

    lanes: Sequence[str]
    has_unsorted: bool
    due_at: datetime | None
    look_at: datetime | None


class _Failure(Struct, frozen=True, kw_only=True):
    """A delivery of which one address was given up."""

    delivery_id: int
    reason: str
    expires_at: datetime | None


class Handovers(Rows):
    """The queue, of all channels and addresses."""

    def queue(
        self,
        message_ids: Collection[int],
        *,
        after: int = 0,
        until: int | None = None,
        at: datetime,
        expires_at: datetime,
    ) -> bool:
        """
        Queue messages for the first channel of those who have them in the inbox; return whether anyone has one.

        Two statements whatever the number of messages and readers, one where nobody has an address. Once for each
        reader of each message.
        Who unfollows or switches off between this and the handing over gets nothing: it is asked again then.

        Args:
            after, until: readers with a subscriber id above the one, up to the other; None: up to the last.
            at: now; the first look whether it was shown is LEAST_FAILOVER_AFTER later.
            expires_at: after this it is handed to nobody.
        """
        if not message_ids:
            return False
        readers = {"message_ids": [*message_ids], "after": after, "until": _LAST_ID if until is None else until}
        usable = {"channels": _EVERY_CHANNEL, "look_at": at + LEAST_FAILOVER_AFTER}
        made = self._changed(statements.first_channels, readers | usable)
        if made:
            self._run(statements.of_first_channels, readers | {"at": at, "expires_at": expires_at})
        return bool(made)

    def overview(self, *, now: datetime) -> Overview:
        """Return what is due, in two statements."""
        lanes = self._connection.scalars(statements.lanes, {"now": now}).all()
        row = self._run(statements.overview, {"now": now}).one()
        return Overview(lanes=lanes, has_unsorted=row.has_unsorted, due_at=row.due_at, look_at=row.look_at)

    def count(self) -> int:
        """Return how many handovers wait."""
        return int(self._run(select(func.count()).select_from(handovers)).scalar_one())

    def unsorted(self, *, limit: int) -> Sequence[Address]:
        """Return addresses for which something waits and of which no lane is known."""
        return [address_of(row) for row in self._run(statements.unsorted, {"limit": limit})]

    def sort(self, lanes: Mapping[int, str], *, is_lasting: bool = True) -> None:
        """
        Note which lane each of these addresses is in, by id.

        Args:
            is_lasting: what will be queued is in it too; else that is asked again.
        """
        rows = [{"of_address": address_id, "in_lane": lane} for address_id, lane in lanes.items()]
        if rows and is_lasting:
            self._run(statements.sort_addresses, rows)
        if rows:
            self._run(statements.sort_handovers, rows)

    def heads(self, lane: str, *, limit: int, now: datetime, busy: Collection[int] = ()) -> Sequence[Handover]:
        """
        Return what is due in a lane, the oldest one of each address, the longest due first.

        Args:
            busy: ids of addresses that are passed over.
        """
        return self._heads(statements.heads, {"lane": lane, "now": now, "busy": list(busy), "limit": limit})

    def heads_of(self, address_ids: Collection[int], *, now: datetime) -> Sequence[Handover]:
        """Return the oldest handover of each of these addresses, whether it is due or not."""
        return self._heads(statements.heads_of, {"addresses": list(address_ids), "now": now, "limit": len(address_ids)})

    def _heads(self, statement: Select[Any], asked: Mapping[str, object]) -> Sequence[Handover]:
        rows = self._run(statement, asked).all()
        if not rows:
            return []
        # A message has up to 64 KB and many readers: once is enough.
        found = self._run(messages_by_id, {"ids": list({row[_MESSAGE_ID] for row in rows})})
        known = {row.id: (message_of(row), row.collapse_key) for row in found}
        return [_handover(row, *known[row[_MESSAGE_ID]]) for row in rows]

    def settle(self, settled: Sequence[Settled], onward: Onward) -> None:
        """
        Save what became of these; those that are not in the queue any more are passed over.

        A delivery that none of its addresses took has failed, and goes on to the next of the channels. What speaks
        against an address that was given anew meanwhile is of the old one: the new one is tried.
        """
        taken: list[tuple[Handover, Taken]] = []
        waiting: list[tuple[Settled, Waiting]] = []
        given_up: list[tuple[Handover, GivenUp]] = []
        for each in self._of_these_versions(settled):
            match each.outcome:
                case Taken() as outcome:
                    taken.append((each.handover, outcome))
                case Waiting() as outcome:
                    waiting.append((each, outcome))
                case GivenUp() as outcome:
                    given_up.append((each.handover, outcome))
                case _:
                    assert_never(each.outcome)
        self._remove([handover.id for handover, _ in (*taken, *given_up)])
        self._note_taken(taken, at=onward.at)
        self._let_wait(waiting)
        self._fail(self._note_given_up(given_up, at=onward.at), onward)

    def looks(self, *, now: datetime, limit: int) -> Sequence[Look]:
        """Return deliveries of which it is time to look whether they were shown, the longest due first."""
        return [_look(row) for row in self._run(statements.due_looks, {"now": now, "limit": limit})]

    def settle_looks(self, looked: Sequence[Looked], onward: Onward) -> None:
        """Save what was found; deliveries that wait for no address any more have failed."""
        if not looked:
            return
        self._run(
            statements.look_again,
            [{"of_delivery": each.look.delivery_id, "next_look_at": each.look_at} for each in looked],
        )
        lost = [_Failure(delivery_id=each.look.delivery_id, reason=ADDRESS_LOST, expires_at=None) for each in looked]
        self._fail(lost, onward)
        next_ = [
            _step(each.look.message_id, each.look.subscriber_id, each.look.sent_at + WORTH_TELLING)
            for each in looked
            if each.goes_on
        ]
        self._go_on(next_, onward)

    def mend(self, *, now: datetime) -> None:
        """Let be due now what was put off under a clock that was wrong: in the future, or longer than any wait is."""
        moved = {"now": now, "too_far": now + LONGEST_WAIT}
        self._run(statements.mend_due, moved)
        self._run(statements.mend_looks, {"too_far": now + LONGEST_WAIT, "until": now})

    def hurry_looks(self, *, until: datetime) -> None:
        """Look by then at all that is to be looked at later; where it is quiet, that finds out when to look again."""
        self._run(statements.mend_looks, {"too_far": until, "until": until})

    def put_off_looks(self, *, now: datetime, until: datetime) -> None:
        """Look no sooner than then at what is due now."""
        self._run(statements.put_off, {"now": now, "until": until})

    def withdraw(self, message_id: int, *, at: datetime) -> None:
        """Remove this message from the queue, for it was deleted."""
        self.forget([message_id])
        self._events.note(statements.note_withdrawn, {"of_message": message_id, "at": at})
        self._run(statements.withdraw, {"of_message": message_id})
        self._run(
            update(deliveries)
            .where(deliveries.c.message_id == message_id, deliveries.c.look_at.is_not(None))
            .values(look_at=None)
        )

    def withdraw_of(self, account_id: int, *, at: datetime) -> None:
        """Remove all messages of an account's applications from the queue, for it was blocked; no channel follows."""
        self._events.note(statements.note_blocked, {"of_account": account_id, "at": at})
        self._run(statements.forget_blocked, {"of_account": account_id})
        self._run(statements.block, {"of_account": account_id})
        self._run(statements.look_no_more, {"of_account": account_id})

    def forget(self, message_ids: Collection[int]) -> None:
        """Remove these messages from the queue."""
        of_these = select(deliveries.c.id).where(deliveries.c.message_id.in_(message_ids))
        self._run(delete(handovers).where(handovers.c.delivery_id.in_(of_these)))

    def forget_subscriber(self, subscriber_id: int) -> None:
        """Remove what waits for a subscriber, and at addresses that came to it from another."""
        theirs = select(deliveries.c.id).where(deliveries.c.subscriber_id == subscriber_id)
        there = select(addresses.c.id).where(addresses.c.subscriber_id == subscriber_id)
        self._run(delete(handovers).where(or_(handovers.c.delivery_id.in_(theirs), handovers.c.address_id.in_(there))))

    def _remove(self, ids: Sequence[int]) -> None:
        if ids:
            self._run(statements.remove, {"ids": ids})

    def _note_taken(self, taken: Sequence[tuple[Handover, Taken]], *, at: datetime) -> None:
        if not taken:
            return
        noted = {"ids": [handover.delivery_id for handover, _ in taken], "at": at}
        self._events.note(statements.note_sent, noted)
        rows = [
            (handover.delivery_id, microseconds_of(outcome.at), microseconds_of(outcome.look_at))
            for handover, outcome in taken
        ]
        self._run(statements.mark_sent, {"taken": rows})
        if self._events.note(statements.note_seen, noted):
            self._run(statements.follow_inbox, {"ids": noted["ids"]})
        for handover, _ in taken:
            if handover.address.strikes:
                self._addresses.strike(handover.address.id, strikes=0, at=None)

    def _of_these_versions(self, settled: Sequence[Settled]) -> Sequence[Settled]:
        """Return these, with another try for each that speaks against an address that was given anew meanwhile."""
        blamed = {each.handover.address.id for each in settled if _is_against_address(each.outcome)}
        if not blamed:
            return settled
        versions = self._addresses.versions(blamed)

        def is_old(address: Address) -> bool:
            return versions.get(address.id, address.version) != address.version

        return [
            replace(each, outcome=Waiting(attempts=each.handover.attempts, due_at=each.at))
            if _is_against_address(each.outcome) and is_old(each.handover.address)
            else each
            for each in settled
        ]

    def _let_wait(self, waiting: Sequence[tuple[Settled, Waiting]]) -> None:
        if not waiting:
            return
        rows = [
            {
                "of_handover": each.handover.id,
                "of_address": each.handover.address.id,
                "attempts_made": outcome.attempts,
                "again_at": outcome.due_at,
                "at": each.at,
            }
            for each, outcome in waiting
        ]
        self._run(statements.wait, rows)
        self._run(statements.wait_behind, rows)

    def _note_given_up(self, given_up: Sequence[tuple[Handover, GivenUp]], *, at: datetime) -> Sequence[_Failure]:
        failures: list[_Failure] = []
        for handover, outcome in given_up:
            expires_at = handover.expires_at if outcome.goes_on else None
            if outcome.strikes is not None:
                self._addresses.strike(handover.address.id, strikes=outcome.strikes, at=at)
            if outcome.is_address_gone:
                failures += self._drop(handover.address.id, outcome.reason)
            failures.append(_Failure(delivery_id=handover.delivery_id, reason=outcome.reason, expires_at=expires_at))
        return failures

    def _drop(self, address_id: int, reason: str) -> Sequence[_Failure]:
        """Drop an address; return what waited for it."""
        rows = self._run(
            select(handovers.c.delivery_id, handovers.c.expires_at).where(handovers.c.address_id == address_id)
        )
        lost = [_Failure(delivery_id=row.delivery_id, reason=reason, expires_at=row.expires_at) for row in rows]
        self._addresses.remove(address_id)
        return lost

    def _fail(self, failures: Sequence[_Failure], onward: Onward) -> None:
        """Let those deliveries have failed for which no address is left; those with a time left go on."""
        if not failures:
            return
        lost = {"ids": [each.delivery_id for each in failures], "at": onward.at}
        self._events.note(statements.note_failed, lost)
        self._run(statements.mark_failed, [{"of_delivery": each.delivery_id, "why": each.reason} for each in failures])
        times = {each.delivery_id: each.expires_at for each in failures if each.expires_at is not None}
        failed = self._run(statements.failed_of, {"ids": list(times)}) if times else ()
        steps = [_step(row.message_id, row.subscriber_id, times[row.id]) for row in failed]
        self._go_on(steps, onward)

    def _go_on(self, steps: Sequence[Mapping[str, object]], onward: Onward) -> None:
        """Queue the next channel of each, if it has one that was not tried yet and has not seen the message."""
        if not steps or not onward.channels:
            return
        usable = {"channels": [*onward.channels], "look_at": onward.look_at}
        made = self._changed(statements.next_channel, [{**step, **usable} for step in steps])
        if made:
            self._run(statements.of_next_channel, [{**step, "at": onward.at} for step in steps])

    def _changed(self, statement: Insert, values: Mapping[str, object] | Sequence[Mapping[str, object]]) -> int:
        """Run a statement, once for each of the values where they are a list; return how many rows it made."""
        return int(self._run(statement, values).rowcount)

    @property
    def _events(self) -> DeliveryEvents:
        return DeliveryEvents(self._connection)

    @property
    def _addresses(self) -> Addresses:
        return Addresses(self._connection)


def _is_against_address(outcome: HandoverOutcome) -> bool:
    return isinstance(outcome, GivenUp) and (outcome.is_address_gone or outcome.strikes is not None)


def _step(message_id: int, subscriber_id: int, expires_at: datetime) -> Mapping[str, object]:
    return {"message_id": message_id, "of_subscriber": subscriber_id, "expires_at": expires_at}


def _handover(row: Row[Any], message: Message, collapse_key: str | None) -> Handover:
    wants, rest = row[_MESSAGE_ID + 1 : _PREFERENCES_END], row[_PREFERENCES_END:]
    id_, delivery_id, attempts, expires_at, subscriber_id, item_id, sent_at, inbox_state, wish = rest
    return Handover(
        id=id_,
        delivery_id=delivery_id,
        subscriber_id=subscriber_id,
        address=address_of(row),
        item_id=item_id,
        message=message,
        collapse_key=collapse_key,
        preferences=preferences_of(*wants),
        attempts=attempts,
        sent_at=sent_at,
        expires_at=expires_at,
        is_seen=inbox_state in SEEN_STATES,
        is_wanted=wish != statements.UNWANTED,
        is_muted=wish == statements.MUTED,
    )


def _look(row: Sequence[Any]) -> Look:
    delivery_id, message_id, subscriber_id, created_at, inbox_state = row[:_WANTS_OF_LOOK]
    return Look(
        delivery_id=delivery_id,
        message_id=message_id,
        subscriber_id=subscriber_id,
        is_seen=inbox_state in SEEN_STATES,
        sent_at=created_at,
        quiet=preferences_of(*row[_WANTS_OF_LOOK:]).quiet,
    )
