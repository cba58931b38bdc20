"""What `watcher try` finds out about a page or about a change of one: nothing is kept, and nothing is printed here."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from watcher import runtime
from watcher.core.check import CheckFailure, Decision, Observation, Seen, WatchState
from watcher.core.conditions import holds
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.message import compose
from watcher.core.page import Response, Validators
from watcher.core.redaction import redacted_state
from watcher.core.rehearsal import Rehearsed, Told, rehearse
from watcher.core.values import Rows
from watcher.core.watch import Rule, Watch
from watcher.core.words import Firing
from watcher.errors import UsageError
from watcher.extract.explain import Explanation
from watcher.extract.plan import plan

if TYPE_CHECKING:
    from watcher.extract.noise import SecondLook

_MEDIA_TYPES = {
    **dict.fromkeys((".html", ".htm"), "text/html"),
    **dict.fromkeys((".xml", ".rss", ".atom"), "application/xml"),
    ".xhtml": "application/xhtml+xml",
    ".json": "application/json",
    ".txt": "text/plain",
}


class Preview(Struct, frozen=True, kw_only=True):
    """
    A page that was looked at.

    Attributes:
        state: of a watch of the file; None for a page that was named by hand.
        response: the first page of a list.
        observation: what a check would see; None when it would fail.
        failure: why it would.
        rehearsed: what it would decide; None without a watch.
        second: what another look showed; None when there was none.
    """

    watch: Watch
    state: WatchState | None
    response: Response
    explanation: Explanation
    observation: Observation | None = None
    failure: CheckFailure | None = None
    rehearsed: Rehearsed | None = None
    second: SecondLook | None = None


class PlayedChange(Struct, frozen=True, kw_only=True):
    """
    A change of a page from one file to another.

    Attributes:
        looks: what is decided: of the first page, then of the second, as often as `confirm` wants it seen.
    """

    watch: Watch
    first: Seen
    second: Seen
    looks: Sequence[Rehearsed]


def preview_of(
    watch: Watch,
    state: WatchState | None,
    response: Response,
    explanation: Explanation,
    first_look: Decision,
    second: SecondLook | None,
    *,
    now: datetime,
) -> Preview:
    """Return what was found; `first_look`: of a check that remembers nothing."""
    preview = Preview(watch=watch, state=state, response=response, explanation=explanation, second=second)
    snapshot = first_look.state.snapshot
    if snapshot is None:
        return replace(preview, failure=first_look.state.failure)
    preview = replace(preview, observation=snapshot.observation)
    if state is None:
        return preview
    seen = Seen(
        observation=snapshot.observation,
        digest=snapshot.digest,
        validators=snapshot.validators,
        plan=snapshot.plan,
    )
    known = redacted_state(state, watch.request.secrets)
    return replace(preview, rehearsed=rehearse(watch, known, seen, now=now, clock=thread_time))


def change_of(watch: Watch, first: Seen, second: Seen, *, now: datetime) -> PlayedChange:
    """Judge one page as the baseline and the other as what is seen next."""
    looks = [rehearse(watch, WatchState(), first, now=now, clock=thread_time)]
    for check in range(1, watch.confirm + 1):
        looks.append(
            rehearse(watch, looks[-1].decision.state, second, now=now + watch.every * check, clock=thread_time)
        )
    return PlayedChange(watch=watch, first=first, second=second, looks=looks)


def seen_in(watch: Watch, path: Path) -> Seen:
    """Return what the watch sees in a file. Raises CheckError when a check of it would fail, UsageError."""
    response = _response(watch, path)
    return Seen(
        observation=asyncio.run(runtime.read_page(watch, response)),
        digest=response.digest,
        validators=response.validators,
        plan=plan(watch.extraction, watch.link, watch.scope),
    )


def _response(watch: Watch, path: Path) -> Response:
    """Return a file as the server would send it. Raises UsageError."""
    media_type = _MEDIA_TYPES.get(path.suffix.lower())
    if media_type is None:
        raise UsageError(f"{path}: what kind of page is it? Name it {', '.join(_MEDIA_TYPES)}")
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    return Response(
        url=watch.request.url,
        wire=body,
        digest=hashlib.blake2b(body, digest_size=16).hexdigest(),
        content_encoding=(),
        media_type=media_type,
        charset=None,
        validators=Validators(),
    )


def held_in(rule: Rule, rows: Rows) -> int:
    """Return in how many rows the states of an entry hold."""
    states = [condition for condition in rule.conditions if not condition.operator.is_event]
    return sum(all(holds(each, {**row, "key": key}, UNLIMITED) for each in states) for key, row in rows.items())


def sample_of(watch: Watch, observation: Observation, *, now: datetime) -> Told | None:
    """Return what a message of the first row would say; None when there is no row."""
    for key, row in observation.rows.items():
        firing = Firing(rule=watch.rules[0], key=key, old=None, new=row)
        words = compose(watch, [firing], link=observation.link, now=now)
        problem = f"\n\n{words.problem}" if words.problem else ""
        return Told(summary=words.summary, content=words.content + problem, url=words.url, topics=watch.topics)
    return None
