"""
The text form of what the watch store keeps: JSON, one record per key.

| key                        | record                                                  |
|----------------------------|---------------------------------------------------------|
| `meta`                     | schema version, and the epoch of this state             |
| `state/{watch}`            | a WatchState                                            |
| `checked/{watch}`          | the times of its last check, written late and in bulk   |
| `change/{watch}/{sequence}`| a Change; the sequence has twelve digits                |
| `outbox/{order}`           | an OutboxEntry; the order has twelve digits             |
| `event/{number}`           | the WatchEvents of one transaction, numbered from there |

A watch's id has no slash. Points in time are ISO 8601 in UTC.

On the disk a checksum stands before each record, of its key and its text: `#`, 16 hex digits, the text. So neither a
letter that changed nor a record that is another's is believed. Before version 3 there was none.

What is read back stays in memory for as long as the watcher runs, and 100,000 states have much in common: names,
engines, rules that are idle, times that are the same. Such parts are read into one object each.
"""

from __future__ import annotations

import json
import secrets
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec.structs import astuple
from xxhash import xxh3_64_hexdigest

from watcher.core.check import (
    NOTHING,
    Announced,
    Change,
    CheckFailure,
    Observation,
    OutboxEntry,
    OutboxMessage,
    Past,
    Peak,
    Progress,
    Snapshot,
    Suspect,
    WatchEvent,
    WatchState,
    idle,
)
from watcher.core.event_kinds import EventKind
from watcher.core.page import Validators
from watcher.core.page_profile import NO_PROFILE, Profile, Taken, packed_profile, unpacked_profile
from watcher.core.values import Row, Rows, from_json, to_json
from watcher.core.witness import NO_WITNESSES
from watcher.core.wording import Wording

SCHEMA = 7
"""
Version of these records. A higher one on disk is from a newer watcher, and is refused.

What version 1 did not know is read as its default, so its states and history are kept, and records of version 2 are
read without a checksum; the next write of a record seals it. Version 3 noted no events, and
version 4 not which texts may be empty, nor how a page looks; version 5 neither pauses
nor the numbers that a page showed before; version 6 neither events of what
people did, nor new baselines, nor how failures are said in other languages.
"""
META: Final = "meta"
EVENTS: Final = "event/"
_SEAL: Final = b"#"
_BARE: Final = b"{"
"""How a record of version 2 begins."""
_SEALED_FROM: Final = 17
"""The place of the text, behind the checksum."""

# One for all: `json.dumps` makes another for each record, when it is not to write ASCII.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_DECODE: Final = msgspec.json.Decoder().decode
# A record as `json.loads` gives it. This module is the border: what it returns is typed.
Record = dict[str, Any]


def state_key(watch: str) -> str:
    """Return the key of a watch's state."""
    return f"state/{watch}"


def checked_key(watch: str) -> str:
    """Return the key of the times of its last check."""
    return f"checked/{watch}"


def change_key(watch: str, sequence: int) -> str:
    """Return the key of one change; keys sort by sequence."""
    return f"change/{watch}/{sequence:012d}"


def change_range(key: str) -> tuple[str, str] | None:
    """Return where the keys of all changes of a watch begin and end, from that of one; None for another key."""
    watch, slash, _ = key.rpartition("/")
    return (f"{watch}/", f"{watch}0") if slash and watch.startswith("change/") else None


def outbox_key(order: int) -> str:
    """Return the key of one outbox entry; keys sort by order."""
    return f"outbox/{order:012d}"


def event_key(number: int) -> str:
    """Return the key of the record that begins with the event of this number; keys sort by number."""
    return f"{EVENTS}{number:012d}"


def number_of(key: str) -> int:
    """Return the number in the key of a record of events; 0 of one that is damaged."""
    digits = key.removeprefix(EVENTS)
    return int(digits) if digits.isdecimal() else 0


def new_epoch() -> str:
    """Return a random name for the life of watch states."""
    return secrets.token_hex(16)


def write_meta(meta: Mapping[str, Any]) -> str:
    """Return the record of what a database says of itself."""
    return _dump(dict(meta))


def read_meta(text: str) -> Mapping[str, Any]:
    """Read that back. Raises ValueError when it is no such record."""
    meta = _load(text)
    if not isinstance(meta, dict):
        raise ValueError("it is no mapping")  # noqa: TRY004 - as of every text that is no such record
    return meta


def sealed(key: str, text: str) -> str:
    """Return a record as it stands on the disk."""
    return f"#{_checksum(key, text.encode())}{text}"


def unsealed(key: str, stored: object) -> str:
    """
    Return the text of a record as it was written.

    Args:
        stored: what the database has, its text as bytes.

    Raises:
        ValueError: it is not what was written under this key.
    """
    if not isinstance(stored, bytes):
        raise ValueError(f"it is {type(stored).__name__}, and no text")  # noqa: TRY004 - damage, not a defect
    if stored.startswith(_BARE):
        return stored.decode()
    if not stored.startswith(_SEAL):
        raise ValueError("it has no checksum, and is not of version 2")
    text = stored[_SEALED_FROM:]
    if _checksum(key, text) != stored[1:_SEALED_FROM].decode("ascii"):
        raise ValueError("its checksum does not fit")
    return text.decode()


def _checksum(key: str, text: bytes) -> str:
    return xxh3_64_hexdigest(key.encode() + b"\n" + text)


def write_state(state: WatchState) -> str:
    """Return the record of a state, without the times that `write_checked` keeps."""
    taken = unpacked_profile(state.profile)
    profile = taken.profile if taken else None
    return _dump(
        {
            "sequence": state.sequence,
            "snapshot": _snapshot_record(state.snapshot) if state.snapshot else None,
            "progress": {
                rule: {key: _progress_record(step) for key, step in rows.items()}
                for rule, rows in state.progress.items()
            },
            "told": _rows_record(state.told),
            "peaks": _peaks_record(state.peaks),
            "pasts": _pasts_record(state.pasts),
            **({"recent": state.recent} if state.recent else {}),
            "fresh": state.fresh,
            "row_count": state.row_count,
            "empty": state.empty,
            "profile": [profile.characters, profile.links, profile.heads.hex(), profile.marks.hex()]
            if profile
            else None,
            "profiled_at": taken.at.isoformat() if taken else None,
            **({"witnesses": b64encode(state.witnesses).decode()} if state.witnesses else {}),
            **({"prefix_kib": state.prefix_kib} if state.prefix_kib else {}),
            **({"is_closed": True} if state.is_closed else {}),
            "suspect": astuple(state.suspect) if state.suspect else None,
            **({"unsettled": state.unsettled} if state.unsettled else {}),
            **({"known_values": state.known_values} if state.known_values else {}),
            "failures": state.failures,
            "failure": _failure_record(state.failure) if state.failure else None,
            "failing_since": _time_text(state.failing_since),
            **({"counted_at": _time_text(state.counted_at)} if state.counted_at else {}),
            "is_error_told": state.is_error_told,
            "changed_at": _time_text(state.changed_at),
            **({"paused_until": _time_text(state.paused_until)} if state.paused_until else {}),
            **({"muted_until": _time_text(state.muted_until)} if state.muted_until else {}),
            **({"left_alone_since": _time_text(state.left_alone_since)} if state.left_alone_since else {}),
        }
    )


def write_checked(state: WatchState) -> str:
    """Return the record of the times of a state's last check."""
    record = {
        "checked_at": _time_text(state.checked_at),
        "next_check_at": _time_text(state.next_check_at),
        "good_at": _time_text(state.good_at),
        "fetched_at": _time_text(state.snapshot.fetched_at) if state.snapshot else None,
    }
    return msgspec.json.encode(record).decode()  # times hold no half of a surrogate pair (`_dump`)


def read_state(text: str, checked: str | None) -> WatchState:
    """Read back a state and its times. Raises ValueError, KeyError or TypeError when it is no such record."""
    record: Record = _load(text)
    times: Record = _load(checked) if checked else {}
    failure, suspect = record["failure"], record.get("suspect")
    checked_at = _time(times.get("checked_at"))

    def time_of_check(name: str) -> datetime | None:
        return checked_at if times.get(name) == times.get("checked_at") else _time(times.get(name))

    snapshot = _snapshot(record["snapshot"], time_of_check("fetched_at")) if record["snapshot"] else None
    return WatchState(
        sequence=record["sequence"],
        snapshot=snapshot,
        progress=_progress_of_rules(record["progress"]),
        told=_told(record, snapshot),
        peaks=_peaks(record.get("peaks", {})),
        pasts=_pasts(record.get("pasts", {})),
        recent=record.get("recent", ""),
        fresh=record.get("fresh") or NOTHING,
        row_count=record.get("row_count"),
        empty=tuple(map(sys.intern, record.get("empty", ()))),
        profile=_profile(record.get("profile"), record.get("profiled_at")),
        witnesses=_witnesses(record.get("witnesses")),
        prefix_kib=record.get("prefix_kib", 0),
        is_closed=record.get("is_closed", False),
        suspect=Suspect(odd=suspect[0], checks=suspect[1], is_accepted=suspect[2]) if suspect else None,
        unsettled=record.get("unsettled", 0),
        known_values={sys.intern(name): tuple(each) for name, each in record.get("known_values", NOTHING).items()}
        or NOTHING,
        failures=record["failures"],
        failure=_failure(failure) if failure else None,
        failing_since=_time(record.get("failing_since")),
        counted_at=_time(record.get("counted_at")),
        is_error_told=record.get("is_error_told", False),
        good_at=time_of_check("good_at"),
        changed_at=_time(record["changed_at"]),
        checked_at=checked_at,
        next_check_at=_time(times.get("next_check_at")),
        paused_until=_time(record.get("paused_until")),
        muted_until=_time(record.get("muted_until")),
        left_alone_since=_time(record.get("left_alone_since")),
    )


def write_change(change: Change) -> str:
    """Return the record of a change."""
    return _dump(
        {
            "sequence": change.sequence,
            "changed_at": _time_text(change.changed_at),
            "old": _rows_record(change.old),
            "new": _rows_record(change.new),
            "messages": list(change.messages),
            **({"untold": list(change.untold)} if change.untold else {}),
            **({"is_baseline": True} if change.is_baseline else {}),
        }
    )


def read_change(watch: str, text: str) -> Change:
    """Read back a change of this watch."""
    record: Record = _load(text)
    return Change(
        watch=watch,
        sequence=record["sequence"],
        changed_at=datetime.fromisoformat(record["changed_at"]),
        old=_rows(record["old"]),
        new=_rows(record["new"]),
        messages=tuple(record["messages"]),
        untold=tuple(record.get("untold", ())),
        is_baseline=record.get("is_baseline", False),
    )


def write_entry(entry: OutboxEntry) -> str:
    """Return the record of an outbox entry."""
    message = entry.message
    return _dump(
        {
            "id": message.id,
            "watch": message.watch,
            "topic": message.topic,
            "summary": message.summary,
            "content": message.content,
            "url": message.url,
            "created_at": _time_text(message.created_at),
            "hold_until": _time_text(message.hold_until),
            "order": entry.order,
            "attempts": entry.attempts,
            "due_at": _time_text(entry.due_at),
            "dead": entry.dead,
            "tried_at": _time_text(entry.tried_at),
            "waited_seconds": entry.waited.total_seconds(),
        }
    )


def read_entry(text: str, *, order: int | None = None) -> OutboxEntry:
    """Read back an outbox entry. `order`: in the place of that in the record, for who learns it after writing that."""
    record: Record = _load(text)
    return OutboxEntry(
        message=OutboxMessage(
            id=record["id"],
            watch=record["watch"],
            topic=record["topic"],
            summary=record["summary"],
            content=record["content"],
            url=record["url"],
            created_at=datetime.fromisoformat(record["created_at"]),
            hold_until=_time(record.get("hold_until")),
        ),
        order=record["order"] if order is None else order,
        attempts=record["attempts"],
        due_at=datetime.fromisoformat(record["due_at"]),
        dead=record["dead"],
        tried_at=_time(record.get("tried_at")),
        waited=timedelta(seconds=record.get("waited_seconds", 0)),
    )


def write_events(events: Sequence[WatchEvent]) -> str:
    """Return the record of the events of a transaction."""
    return _dump({"events": [_event_record(event) for event in events]})


def read_events(text: str) -> Sequence[WatchEvent]:
    """Read back the events of a transaction."""
    return [_event(record) for record in _load(text)["events"]]


def write_event(event: WatchEvent) -> str:
    """Return the record of one event."""
    return _dump(_event_record(event))


def read_event(text: str) -> WatchEvent:
    """Read back one event."""
    return _event(_load(text))


def _event_record(event: WatchEvent) -> Record:
    failure = event.failure
    return {
        "kind": event.kind,
        "at": _time_text(event.at),
        "watch": event.watch,
        "sequence": event.sequence,
        **({"failure": _failure_record(failure)} if failure else {}),
        **({"failures": event.failures} if event.failures else {}),
        **({"messages": [[each.id, each.topic, each.summary] for each in event.messages]} if event.messages else {}),
        **({"rules": [*event.rules]} if event.rules else {}),
        **({"link": event.link} if event.link else {}),
        **({"old": _rows_record(event.old)} if event.old else {}),
        **({"new": _rows_record(event.new)} if event.new else {}),
        **({"by": event.by} if event.by else {}),
        **({"until": _time_text(event.until)} if event.until else {}),
    }


def _event(record: Record) -> WatchEvent:
    failure = record.get("failure")
    return WatchEvent(
        kind=EventKind(record["kind"]),
        at=datetime.fromisoformat(record["at"]),
        watch=record["watch"],
        sequence=record["sequence"],
        failure=_failure(failure) if failure else None,
        failures=record.get("failures", 0),
        messages=tuple(
            Announced(id=id_, topic=topic, summary=summary) for id_, topic, summary in record.get("messages", ())
        ),
        rules=tuple(record.get("rules", ())),
        link=record.get("link"),
        old=_rows(record.get("old", {})),
        new=_rows(record.get("new", {})),
        by=record.get("by", ""),
        until=_time(record.get("until")),
    )


def _failure_record(failure: CheckFailure) -> list[Any]:
    wording = failure.wording
    return [failure.kind, failure.text, *([_wording_record(wording)] if wording else [])]


def _failure(record: list[Any]) -> CheckFailure:
    kind, text, *wording = record
    return CheckFailure(kind=kind, text=text, wording=_wording(wording[0]) if wording else None)


def _wording_record(wording: Wording) -> list[Any]:
    """Return the key, and what fills it in: a text as one, another wording as a list like this."""
    values = wording.values.items()
    return [wording.key, {name: each if isinstance(each, str) else _wording_record(each) for name, each in values}]


def _wording(record: list[Any]) -> Wording:
    key, values = record
    read = {name: each if isinstance(each, str) else _wording(each) for name, each in values.items()}
    return Wording(sys.intern(key), read)


def _dump(record: Record) -> str:
    """Return JSON that any database takes: half a surrogate pair, as a broken header has it, becomes its escape."""
    return _ENCODER.encode(record).encode(errors="backslashreplace").decode()


def _load(text: str) -> Any:
    """Return what a record says. Raises ValueError when it is no JSON."""
    try:
        return _DECODE(text)  # in a third of the time
    except msgspec.DecodeError:  # `json` takes half a surrogate pair as well
        return json.loads(text)


def _time_text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _row_record(row: Row) -> Record:
    return {name: to_json(value) for name, value in row.items()}


def _row(record: Mapping[str, Any]) -> Row:
    return {sys.intern(name): from_json(value) for name, value in record.items()}


def _rows_record(rows: Rows) -> Record:
    return {key: _row_record(row) for key, row in rows.items()}


def _rows(record: Mapping[str, Any]) -> Rows:
    return {sys.intern(key): _row(row) for key, row in record.items()}


def _peaks_record(peaks: Mapping[str, Mapping[str, Peak]]) -> Record:
    return {
        key: {name: [f"{peak.low:f}", f"{peak.high:f}", peak.currency] for name, peak in row.items()}
        for key, row in peaks.items()
    }


def _peaks(record: Mapping[str, Any]) -> Mapping[str, Mapping[str, Peak]]:
    return {
        sys.intern(key): {
            sys.intern(name): Peak(low=Decimal(low), high=Decimal(high), currency=currency)
            for name, (low, high, currency) in row.items()
        }
        for key, row in record.items()
    } or NOTHING


def _pasts_record(pasts: Mapping[str, Mapping[str, tuple[Past, ...]]]) -> Record:
    return {
        condition: {
            key: [[f"{past.value:f}", _time_text(past.until), past.currency] for past in row]
            for key, row in rows.items()
        }
        for condition, rows in pasts.items()
    }


def _pasts(record: Mapping[str, Any]) -> Mapping[str, Mapping[str, tuple[Past, ...]]]:
    return {
        sys.intern(condition): {
            sys.intern(key): tuple(
                Past(value=Decimal(value), until=datetime.fromisoformat(until), currency=currency)
                for value, until, currency in row
            )
            for key, row in rows.items()
        }
        for condition, rows in record.items()
    } or NOTHING


def _snapshot_record(snapshot: Snapshot) -> Record:
    return {
        "rows": _rows_record(snapshot.observation.rows),
        "engine": snapshot.observation.engine,
        "link": snapshot.observation.link,
        "plan": snapshot.plan,
        "digest": snapshot.digest,
        "validators": [snapshot.validators.etag, snapshot.validators.last_modified],
        "fetched_at": _time_text(snapshot.fetched_at),
    }


def _snapshot(record: Record, fetched_at: datetime | None) -> Snapshot:
    etag, last_modified = record["validators"]
    return Snapshot(
        observation=Observation(rows=_rows(record["rows"]), engine=sys.intern(record["engine"]), link=record["link"]),
        plan=sys.intern(record["plan"]),
        digest=record["digest"],
        validators=Validators(etag=etag, last_modified=last_modified),
        fetched_at=fetched_at or datetime.fromisoformat(record["fetched_at"]),
    )


def _told(record: Record, snapshot: Snapshot | None) -> Rows:
    """Return what was told; mostly the rows of the snapshot, which are not kept twice."""
    told = record["told"]
    return snapshot.observation.rows if snapshot and told == record["snapshot"]["rows"] else _rows(told)


def _profile(record: list[Any] | None, at: str | None) -> bytes:
    """Return the profile, packed as it is kept in memory."""
    if record is None or at is None:
        return NO_PROFILE
    characters, links, heads, marks = record
    heads, marks = bytes.fromhex(heads), bytes.fromhex(marks)
    profile = Profile(characters=characters, links=links, heads=heads, marks=marks)
    return packed_profile(Taken(profile, datetime.fromisoformat(at)))


def _witnesses(record: Any) -> bytes:
    """Return the witnesses, packed as they are: 100,000 states are read when a watcher starts."""
    return b64decode(record, validate=True) if isinstance(record, str) else NO_WITNESSES


def _progress_of_rules(record: Mapping[str, Any]) -> Mapping[str, Mapping[str, Progress]]:
    if not any(record.values()):
        return idle(tuple(record))
    return {
        sys.intern(rule): {sys.intern(key): _progress(step) for key, step in rows.items()}
        for rule, rows in record.items()
    }


def _progress_record(step: Progress) -> list[Any]:
    return [
        step.streak,
        step.has_fired,
        _time_text(step.told_at),
        _row_record(step.basis) if step.basis is not None else None,
        _row_record(step.candidate) if step.candidate is not None else None,
    ]


def _progress(record: list[Any]) -> Progress:
    streak, has_fired, *told_at, basis, candidate = record
    return Progress(
        streak=streak,
        has_fired=has_fired,
        told_at=_time(told_at[0]) if told_at else None,  # version 1 did not know it
        basis=_row(basis) if basis is not None else None,
        candidate=_row(candidate) if candidate is not None else None,
    )
