"""How events are shown: as JSON whose shape `docs/operations.md` promises, and as a line."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from watcher.cli.output import counted, failure_json, time_json, time_text, values_json
from watcher.core.check import NotedEvent
from watcher.core.event_kinds import EventKind
from watcher.core.event_streams import Dropped, Event
from watcher.core.message import change_lines
from watcher.core.push import DeliveryEvent, DeliveryState, MessageEvent
from watcher.core.values import Json
from watcher.core.words import cut, one_line

_CHARACTERS: Final = 200
"""Of what a change brought, in a line."""
_KIND_WIDTH: Final = max(map(len, EventKind))


def event_json(event: Event) -> dict[str, Json]:
    """Return an event as a record: `kind` and `at`, then what the kind has."""
    kind, beside = _record(event)
    return {"kind": kind.value, "at": time_json(event.at), **beside}


def event_line(event: Event, *, now: datetime) -> str:
    """Return `09:30:12  changed      dune: €12.00 → €8.50; tells deals`."""
    kind, text = _words(event, now)
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"{time_text(event.at, now=now)}  {kind.value:<{_KIND_WIDTH}}  {printable}"


def _record(event: Event) -> tuple[EventKind, dict[str, Json]]:
    match event:
        case NotedEvent():
            return event.event.kind, _watch_record(event)
        case MessageEvent(message=message):
            return EventKind.MESSAGE, {
                "message": message.id,
                "idempotency_key": event.key,
                "app": message.app_name,
                "topic": message.topic,
                "summary": message.draft.summary,
                "url": message.draft.url,
                "inboxes": event.inboxes,
                "deleted": event.is_deleted,
            }
        case DeliveryEvent():
            return EventKind.DELIVERY, {
                "message": event.message_id,
                "topic": event.topic,
                "summary": event.summary,
                "uid": event.uid,
                "channel": event.channel,
                "state": event.state.value,
                "reason": event.reason,
            }
        case Dropped():
            return EventKind.DROPPED, {"stream": event.stream.value, "count": event.count}


def _watch_record(noted: NotedEvent) -> dict[str, Json]:
    event, change = noted.event, noted.change
    messages: list[Json] = [{"id": each.id, "topic": each.topic, "summary": each.summary} for each in event.messages]
    record: dict[str, Json] = {"watch": event.watch or None, "messages": messages}
    match event.kind:
        case EventKind.CHANGED | EventKind.BASELINE:
            old, new = (values_json(change.old), values_json(change.new)) if change else (None, None)
            return record | {"sequence": event.sequence, "old": old, "new": new}
        case EventKind.TOLD:
            return record | {"sequence": event.sequence}
        case EventKind.UNDELIVERED:
            return record | {"reason": event.failure.text if event.failure else None}
        case EventKind.PAUSED | EventKind.MUTED | EventKind.RESUMED:
            return record | {"sequence": event.sequence, "until": time_json(event.until), "by": event.by}
        case EventKind.ACCEPTED:
            return record | {"sequence": event.sequence, "error": failure_json(event.failure), "by": event.by}
        case _:
            return record | {
                "sequence": event.sequence,
                "failures": event.failures,
                "error": failure_json(event.failure),
            }


def _words(event: Event, now: datetime) -> tuple[EventKind, str]:
    match event:
        case NotedEvent():
            return event.event.kind, _watch_words(event, now)
        case MessageEvent(message=message):
            where = message.topic or message.app_name
            said = "(deleted)" if event.is_deleted else message.draft.summary
            return EventKind.MESSAGE, f"{where}: {said}, {_inboxes(event.inboxes)}"
        case DeliveryEvent(uid=None):
            return EventKind.DELIVERY, f"{event.state}: of a message or to a subscriber that is gone"
        case DeliveryEvent():
            reason = f": {event.reason}" if event.reason else ""
            return EventKind.DELIVERY, f"{event.summary}: {_delivered(event)}{reason}"
        case Dropped(count=None):
            return (
                EventKind.DROPPED,
                f"the {event.stream} have another past now, which follows",
            )
        case Dropped():
            return EventKind.DROPPED, f"{counted(event.count or 0, 'event')} of the {event.stream} are gone"


def _delivered(event: DeliveryEvent) -> str:
    """Return what a device did with it, or through which channel it was sent."""
    if event.channel != "inbox":
        return f"{event.state} by {event.channel} to {event.uid}"
    return {
        DeliveryState.SHOWN: f"shown in the inbox of {event.uid}",
        DeliveryState.OPENED: f"opened in the inbox by {event.uid}",
    }.get(event.state, f"{event.state} in the inbox of {event.uid}")


def _inboxes(count: int | None) -> str:
    if count is None:
        return "being brought to its readers"
    return "to nobody: no subscribers" if not count else f"to {'1 inbox' if count == 1 else f'{count} inboxes'}"


def _watch_words(noted: NotedEvent, now: datetime) -> str:
    event, change = noted.event, noted.change
    told = f"; tells {', '.join(each.topic for each in event.messages)}" if event.messages else ""
    match event.kind:
        case EventKind.CHANGED:
            lines = change_lines(change.old, change.new) if change else ["what changed is no longer in the history"]
            return f"{event.watch}: {cut(one_line('; '.join(lines)), _CHARACTERS)}{told}"
        case EventKind.TOLD | EventKind.UNDELIVERED:
            reason = f": {event.failure.text}" if event.failure else ""
            return f"{event.watch}: {'; '.join(each.summary for each in event.messages)}{told}{reason}"
        case EventKind.RECOVERED:
            after = f" after {counted(event.failures, 'failed check')}" if event.failures else ""
            return f"{event.watch}: works again{after}{told}"
        case EventKind.STALE:
            return f"{event.watch}: no good check for too long{told}"
        case EventKind.PAUSED | EventKind.MUTED | EventKind.RESUMED:
            until = f"until {time_text(event.until, now=now)}, " if event.until else ""
            return f"{event.watch}: {until}by {event.by}"
        case EventKind.ACCEPTED:
            what = f": {one_line(event.failure.text)}" if event.failure else ""
            return f"{event.watch}: by {event.by}{what}"
        case EventKind.BASELINE:
            lines = change_lines(change.old, change.new) if change else ["what is there now"]
            return f"{event.watch}: not told: {cut(one_line('; '.join(lines)), _CHARACTERS)}"
        case _:
            why = f"{event.failure.kind}: {event.failure.text}" if event.failure else ""
            return f"{event.watch}: {one_line(why)}{told}"
