"""The changes of all watches by cursor, for programs that follow them: each once, in the order in which they came."""

from __future__ import annotations

import asyncio
import re
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Struct
from pydantic import Field

from watcher.core.access import Scope
from watcher.core.check import NotedEvent
from watcher.core.event_kinds import KEPT_EVENTS
from watcher.core.event_streams import Position
from watcher.core.protocols import WatchReader
from watcher.core.typed_changes import OF_CHANGES, change_json
from watcher.core.values import Json, Rows
from watcher.web.api.v1.models import LINE, Request, Response, example
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.pagination import Limit
from watcher.web.api.v1.problem import ProblemError, ProblemType, wrong_member

operations: Final = Operations()
_NOW: Final = "now"
_CURSOR: Final = re.compile(r"([0-9a-f]{0,32})-([0-9]{1,15})", re.ASCII)
_LOOKED_AT: Final = 2_000
"""Events of other kinds stand between; a request looks at no more, and its answer says that there are."""
_CHARACTERS: Final = 2_000_000
"""Of values in an answer, about: a list of thousands of rows may have changed. One change at least is in it."""


CHANGE_EXAMPLE: Final[dict[str, Json]] = {
    "kind": "changed",
    "watch": "dune",
    "sequence": 4,
    "at": "2026-11-23T18:02:00Z",
    "rules": ["price below 10"],
    "link": "https://shop.example/dune",
    "topics": ["books"],
    "old": {"": {"price": {"amount": 12, "currency": "EUR"}, "stock": 3}},
    "new": {"": {"price": {"amount": 8.5, "currency": "EUR"}, "stock": 3}},
}


class ChangesParams(Request):
    """From where on, and how many."""

    since: Annotated[
        str,
        Field(
            max_length=60,
            pattern=LINE,
            description="`cursor` of the answer before. Absent: from the oldest that is kept. `now`: none of those "
            "that there are, and the cursor for what comes.",
        ),
    ] = ""
    limit: Limit = 50


class MoneyAmount(Response):
    """An amount of money."""

    amount: Annotated[int | float | str, Field(description="A number; its digits, where a double would change them.")]
    currency: Annotated[str | None, Field(description="ISO 4217; the sign on the page where that is not known.")]


TypedValue: TypeAlias = str | int | float | MoneyAmount | None
TypedRows: TypeAlias = Annotated[
    dict[str, dict[str, TypedValue]],
    Field(description='Row key → value name → value. A page without a list has the one key "".'),
]


class WatchChange(Response):
    """What changed, or what an entry of `notify_when` told without a change. Numbers are numbers, dates ISO 8601."""

    model_config = example(**CHANGE_EXAMPLE)

    kind: Annotated[
        Literal["changed", "told"],
        Field(description="`told`: an entry fired without a change: at the first look, confirmed, or as a reminder."),
    ]
    watch: str
    sequence: Annotated[int, Field(description="As in the watch's history.")]
    at: datetime
    rules: Annotated[list[str], Field(description="The entries of `notify_when` that fired.")]
    link: Annotated[str | None, Field(description="What messages about it link to.")]
    topics: Annotated[list[str], Field(description="The keys of the topics that were told.")]
    old: Annotated[TypedRows | None, Field(description="The rows that differ; null when the history has them no more.")]
    new: Annotated[TypedRows | None, Field(description="Likewise. A row that is absent on one side did not exist.")]


class FollowedChanges(Response):
    """Changes, oldest first, and where to go on."""

    model_config = example(items=[CHANGE_EXAMPLE], cursor="5f0c2d9e8b7a41c3a6e0d4f1b2c39875-1204", has_more=False)

    items: list[WatchChange]
    cursor: Annotated[str, Field(description="Ask with it as `since` for what follows. Opaque; good after restarts.")]
    has_more: Annotated[bool, Field(description="Ask again at once. There may be no item in an answer that says so.")]


@operations.add("GET", "/changes", Scope.WATCHES_READ, is_global=True, may_be_gone=True)
async def follow_changes(call: Call, params: ChangesParams) -> FollowedChanges:
    """
    Each change once, in the order in which they were saved, of whatever watch.

    The newest 10,000 events of watches are kept. For a cursor from before them, or of a state that was replaced, the
    answer is 410: begin anew without `since`, or with the cursor that `detail` names.
    """
    return await asyncio.to_thread(_follow, call.watches, params)


class _Answer(Struct, kw_only=True):
    """What was found so far. `number`: of the last event that was looked at."""

    number: int
    found: list[NotedEvent]
    has_more: bool = False


def _follow(reader: WatchReader, params: ChangesParams) -> FollowedChanges:
    epoch = reader.epoch()
    if params.since == _NOW:
        return FollowedChanges(items=[], cursor=f"{epoch}-{reader.last_event()}", has_more=False)
    after = _position(params.since) if params.since else Position(number=max(0, reader.first_event() - 1))
    answer = _read(reader, after.number, params.limit)
    if params.since:
        # Once it is read: what was there before may have gone meanwhile.
        _refuse_gone(after, epoch=epoch, first=reader.first_event(), last=reader.last_event())
    return FollowedChanges(
        items=[WatchChange.model_validate(change_json(each)) for each in answer.found],
        cursor=f"{epoch}-{answer.number}",
        has_more=answer.has_more,
    )


def _position(cursor: str) -> Position:
    """Return how far a cursor is. Raises ProblemError: it is none."""
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise wrong_member("since", "give the `cursor` of an answer, or `now`")
    return Position(epoch=match[1], number=int(match[2]))


def _refuse_gone(after: Position, *, epoch: str, first: int, last: int) -> None:
    """Raise ProblemError when something that followed a cursor is gone."""
    anew = f"begin anew without `since`, or with since={epoch}-{max(0, first - 1)}, the oldest that is kept"
    if after.epoch not in ("", epoch) or after.number > last:
        raise ProblemError(ProblemType.CURSOR_GONE, f"the state of the watches was replaced since; {anew}")
    if (missing := first - after.number - 1) > 0:
        why = f"{missing:,} events after this cursor are gone, for the newest {KEPT_EVENTS:,} are kept"
        raise ProblemError(ProblemType.CURSOR_GONE, f"{why}; {anew}")


def _read(reader: WatchReader, after: int, limit: int) -> _Answer:
    answer, room = _Answer(number=after, found=[]), _CHARACTERS
    with closing(reader.each_event(after=after)) as events:
        for noted in islice(events, _LOOKED_AT):
            if noted.event.kind in OF_CHANGES:
                if len(answer.found) == limit or room <= 0:
                    answer.has_more = True
                    return answer
                answer.found.append(changed := reader.with_change(noted))
                room -= _characters(changed)
            answer.number = noted.number
        answer.has_more = next(events, None) is not None
    return answer


def _characters(noted: NotedEvent) -> int:
    change = noted.change
    sides = (noted.event.old, noted.event.new) if change is None else (change.old, change.new)
    return sum(map(_characters_of, sides))


def _characters_of(rows: Rows) -> int:
    return sum(len(key) + sum(len(str(value)) + len(name) for name, value in row.items()) for key, row in rows.items())
