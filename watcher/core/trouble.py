"""
What the operator is told of a watch that does not work: once, and once more when it works again.

It is told when `on_error.after` is reached (failed checks in a row, or how long they have failed), of a wall at
once, and never when `after` is never. While the whole network is down nothing is told of a network that fails; if it
fails on afterwards, the next failure is told. That this process can open no more files is told for all watches
together.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from watcher.core.check import CheckFailure, WatchState
from watcher.core.message import NAME_CHARACTERS, page_url
from watcher.core.watch import Watch
from watcher.core.words import Words, clean, cut, one_line

_AT_ONCE = "blocked"
UNREACHED = frozenset({"network", "timeout"})
"""Kinds of failures that say that a host was not reached."""
TURNED_AWAY = "fetch"
"""The kind of failure in which a host's lane let nobody in, after others had failed."""
OF_THE_NETWORK = UNREACHED | {TURNED_AWAY}
"""Kinds of failures that an outage brings."""
OUT_OF_FILES = "files"
"""The kind of failure in which this process could open no more files: of no watch, and told once for all of them."""
_SILENCE = "Nothing is told about this page until it works again."


def is_due(watch: Watch, failed: WatchState, *, now: datetime, is_outage: bool) -> bool:
    """Return whether the operator is to be told now; `failed` counts the newest failure already."""
    after, failure = watch.on_error.after, failed.failure
    if failed.is_error_told or after is None or failure is None:
        return False
    if failure.kind == OUT_OF_FILES or (is_outage and failure.kind in OF_THE_NETWORK):
        return False
    if failure.kind == _AT_ONCE:
        return True
    if isinstance(after, timedelta):
        return failed.failing_since is not None and now - failed.failing_since >= after
    return failed.failures >= after


def broken(watch: Watch, failed: WatchState) -> Words:
    """Return the words that the watch has stopped working."""
    reason = _reason(failed.failure)
    checks = f"{failed.failures} failed check{'s' if failed.failures > 1 else ''} in a row"
    since = f", since {_moment(watch, failed.failing_since)}" if failed.failing_since else ""
    return _words(watch, f"⚠ {_name(watch)}: {reason}", reason, f"{checks}{since}.", _SILENCE)


def recovered(watch: Watch, before: WatchState, *, note: str | None = None) -> Words:
    """
    Return the words that the watch works again.

    Args:
        before: the state in which it did not.
        note: why what was suspicious is believed now.
    """
    since = before.failing_since or before.good_at
    count = f"after {before.failures} failed check{'s' if before.failures > 1 else ''}" if before.failures else ""
    short = ", ".join(filter(None, (count, f"since {_local(watch, since):%H:%M}" if since else "")))
    summary = f"{_name(watch)} works again" + (f" ({short})" if short else "")
    failure = f"The last failure: {_reason(before.failure)}" if before.failure else ""
    gone = f"It did not work since {_moment(watch, since)}." if since else ""
    return _words(watch, summary, f"{summary}.", gone, failure, note or "")


def silent(watch: Watch, state: WatchState) -> Words:
    """Return the words that there has been no good check for too long."""
    since = f"since {_moment(watch, state.good_at)}" if state.good_at else "so far"
    checked = f"It was last checked at {_moment(watch, state.checked_at)}." if state.checked_at else ""
    failure = f"The last failure: {_reason(state.failure)}" if state.failure else ""
    return _words(
        watch, f"⚠ {_name(watch)}: no good check {since}", f"No good check {since}.", checked, failure, _SILENCE
    )


def _words(watch: Watch, summary: str, *lines: str) -> Words:
    url = page_url(watch)
    content = "\n".join(line for line in (*lines, url) if line)
    return Words(summary=summary, content=content, url=url)


def _name(watch: Watch) -> str:
    return cut(watch.name, NAME_CHARACTERS)


def _reason(failure: CheckFailure | None) -> str:
    return one_line(clean(failure.text)) if failure else "no reason is known"


def _moment(watch: Watch, moment: datetime) -> str:
    return _local(watch, moment).isoformat(timespec="minutes")


def _local(watch: Watch, moment: datetime) -> datetime:
    return moment.astimezone(watch.timezone)
