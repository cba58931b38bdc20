"""
What the operator is told of a watch that does not work: once, and once more when it works again.

We tell the operator when `on_error.after` is reached (failed checks in a row, or how long they have failed), at once of
a wall, of a secret that is not set and of a server that asks for a long wait, and never when `after` is never. While
the whole network is down we tell of no host that is not reached and of no wall, and while a watch is muted nothing of
it; if it fails on afterwards, we tell of the next failure. That this process can open no more files we tell once for
all watches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from watcher.core.check import CheckFailure, WatchState
from watcher.core.message import NAME_CHARACTERS, believed, page_url
from watcher.core.pausing import is_muted
from watcher.core.phrases import Phrases, fill
from watcher.core.proposal import Proposal, language_of
from watcher.core.shown import shown_moment
from watcher.core.suspicion import WRONG_PLACE, Belief
from watcher.core.watch import Items, Watch
from watcher.core.words import SUMMARY_CHARACTERS, Words, clean, cut, one_line
from watcher.errors import BlockedError, MissingError, UnparsableError, UnsetError

_MOST_PROPOSALS = 3
"""So many values are proposed for; `watcher suggest` shows all."""
_AT_ONCE = frozenset({BlockedError.kind, UnsetError.kind})
_LONG_WAIT = timedelta(hours=1), timedelta(hours=6)
"""Ten intervals, within these bounds: the operator hears at once of a server that asks for a longer wait."""
UNREACHED = frozenset({"network", "timeout"})
"""Kinds of failures that say that a host was not reached."""
TURNED_AWAY = "fetch"
"""The kind of failure in which a host's lane let nobody in, after others had failed."""
OF_THE_NETWORK = UNREACHED | {TURNED_AWAY, BlockedError.kind}
"""Kinds of failures that an outage brings."""
_LOST = frozenset({MissingError.kind, UnparsableError.kind, WRONG_PLACE})
"""Kinds of failures of a watch whose selector finds nothing, or not what it found."""
OUT_OF_FILES = "files"
"""The kind of failure in which this process could open no more files: of no watch, and told once for all of them."""


def has_lost_a_value(failure: CheckFailure | None) -> bool:
    """Return whether a check failed because a selector finds nothing, or something else."""
    return failure is not None and failure.kind in _LOST


def is_due(watch: Watch, failed: WatchState, *, now: datetime, is_outage: bool) -> bool:
    """Return whether the operator is to be told now; `failed` counts the newest failure already."""
    after, failure = watch.on_error.after, failed.failure
    if failed.is_error_told or after is None or failure is None or is_muted(failed, now):
        return False
    if failure.kind == OUT_OF_FILES or (is_outage and failure.kind in OF_THE_NETWORK):
        return False
    if failure.kind in _AT_ONCE or _is_long(watch, failure.retry_after):
        return True
    if isinstance(after, timedelta):
        return failed.failing_since is not None and now - failed.failing_since >= after
    return failed.failures >= after


def _is_long(watch: Watch, asked: timedelta | None) -> bool:
    """Return whether a server asks for a long wait: with `every` of 10 min, of more than 100 min."""
    shortest, longest = _LONG_WAIT
    # What ends within `every` delays nothing.
    return asked is not None and asked > max(watch.every, min(max(10 * watch.every, shortest), longest))


def back_off_failures(state: WatchState) -> int:
    """Return how many failures lengthen the wait: none where the page was read, and what is watched is not on it."""
    return 0 if has_lost_a_value(state.failure) else state.failures


def will_be_told(watch: Watch, state: WatchState, kind: str, *, now: datetime) -> bool:
    """Return whether the operator is to be told when this check, too, fails with an error of this kind."""
    since = min(state.failing_since or now, now)
    failure = CheckFailure(kind=kind, text="")
    failed = replace(state, failures=state.failures + 1, failure=failure, failing_since=since)
    return is_due(watch, failed, now=now, is_outage=False)


def broken(watch: Watch, failed: WatchState, phrases: Phrases, *, proposals: Sequence[Proposal] = ()) -> Words:
    """
    Return the words that the watch has stopped working.

    Args:
        proposals: where the values that it lost may be now.
    """
    summary = fill(phrases.fails, name=_name(watch), reason=_reason(failed.failure, phrases))
    if failed.failing_since:
        moment = _moment(watch, failed.failing_since, phrases)
        checks = phrases.failed_checks_since(failed.failures, moment=moment)
    else:
        checks = phrases.failed_checks(failed.failures)
    detail = _detail(failed.failure, summary, phrases)
    return _words(watch, summary, detail, checks, phrases.silence, *_proposed(watch, proposals, phrases))


def recovered(watch: Watch, before: WatchState, phrases: Phrases, *, belief: Belief | None = None) -> Words:
    """
    Return the words that the watch works again.

    Args:
        before: the state in which it did not.
        belief: why what was suspicious is believed now.
    """
    since = before.failing_since or before.good_at
    failure = fill(phrases.last_failure, text=_told(before.failure, phrases)) if before.failure else ""
    sentence = phrases.failed_since if before.failing_since else phrases.no_success_since
    gone = fill(sentence, moment=_moment(watch, since, phrases)) if since else ""
    note = believed(belief, phrases) if belief else ""
    return _words(watch, _works_again(watch, before.failures, since, phrases), gone, failure, note, phrases.told_again)


def _works_again(watch: Watch, failures: int, since: datetime | None, phrases: Phrases) -> str:
    name, time = _name(watch), f"{since.astimezone(watch.timezone):%H:%M}" if since else ""
    if failures:
        if time:
            return phrases.works_again_after_since(failures, name=name, time=time)
        return phrases.works_again_after(failures, name=name)
    return fill(phrases.works_again_since if time else phrases.works_again, name=name, time=time)


def silent(watch: Watch, state: WatchState, phrases: Phrases) -> Words:
    """Return the words that there has been no good check for too long."""
    good_at = _moment(watch, state.good_at, phrases) if state.good_at else ""
    summary = fill(phrases.silent if good_at else phrases.silent_so_far, name=_name(watch), moment=good_at)
    checked_at = state.checked_at
    checked = fill(phrases.last_checked, moment=_moment(watch, checked_at, phrases)) if checked_at else ""
    failure = fill(phrases.last_failure, text=_told(state.failure, phrases)) if state.failure else ""
    return _words(watch, summary, checked, failure, phrases.silence)


def _words(watch: Watch, summary: str, *lines: str) -> Words:
    return Words(summary=summary, content="\n".join(filter(None, lines)), url=page_url(watch))


def _name(watch: Watch) -> str:
    return cut(watch.name, NAME_CHARACTERS)


def _reason(failure: CheckFailure | None, phrases: Phrases) -> str:
    """Return what is wrong, in the words of the language: those of the failure itself are English."""
    return phrases.failures.get(failure.kind, _text(failure)) if failure else phrases.no_reason


def _detail(failure: CheckFailure | None, summary: str, phrases: Phrases) -> str:
    """Return the failure's own words, unless the summary has them in full."""
    if failure is None or (_text(failure) in summary and len(summary) <= SUMMARY_CHARACTERS):
        return ""
    return fill(phrases.failure_detail, text=_text(failure))


def _proposed(watch: Watch, proposals: Sequence[Proposal], phrases: Phrases) -> Iterator[str]:
    """Yield where what was lost may be now, and what shows more."""
    found = [each for each in proposals if each.places]
    for proposal in found[:_MOST_PROPOSALS]:
        first = proposal.places[0]
        is_of_list = isinstance(watch.extraction, Items)
        name = phrases.lost_parts.get(proposal.name, proposal.name) if is_of_list else proposal.name
        if proposal.is_clear:
            selector, text = f"{language_of(first.selector)}: {first.selector}", one_line(clean(first.text))
            quoted = fill(phrases.quoted, text=text)
            yield fill(phrases.now_at, name=name, selector=one_line(clean(selector)), text=quoted)
        else:
            yield phrases.now_at_one_of(len(proposal.places), name=name)
    if found:
        yield fill(phrases.suggest_shows, watch=watch.id)


def _told(failure: CheckFailure, phrases: Phrases) -> str:
    kind = phrases.failures.get(failure.kind)
    return f"{kind}{fill(phrases.aside, text=_text(failure))}" if kind else _text(failure)


def _text(failure: CheckFailure) -> str:
    return one_line(clean(failure.text))


def _moment(watch: Watch, moment: datetime, phrases: Phrases) -> str:
    return shown_moment(moment.astimezone(watch.timezone), phrases)
