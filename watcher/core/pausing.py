"""
What the operator lets be for a while. A pause and a mute are part of a watch's state, and end by themselves.

| the watch is | is it checked?                        | a check that fails     | what its page shows meanwhile        |
|--------------|---------------------------------------|------------------------|--------------------------------------|
| paused       | not before the end, and then at once  |                        | is judged by the first check after   |
|              |                                       |                        | the end, by what was known before    |
| muted        | as ever, and at the end               | is counted and shown;  | likewise: the snapshot stays what it |
|              |                                       | nobody is told         | was, and no rules run                |
| both         | as paused                             |                        |                                      |

Either can be ended sooner, which ends both; then the watch is checked at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from msgspec.structs import replace

from watcher.core.check import WatchState

LONGEST_PAUSE: Final = timedelta(days=366)


class PauseAct(StrEnum):
    """What the operator may do."""

    PAUSE = "pause"
    MUTE = "mute"
    RESUME = "resume"


def is_paused(state: WatchState, now: datetime) -> bool:
    """Return whether the watch is not to be checked."""
    return state.paused_until is not None and now < state.paused_until


def is_muted(state: WatchState, now: datetime) -> bool:
    """Return whether nobody is to be told of the watch, and nothing judged."""
    return state.muted_until is not None and now < state.muted_until


def is_left_alone(state: WatchState, now: datetime) -> bool:
    """Return whether the operator wants to hear nothing of the watch."""
    return is_paused(state, now) or is_muted(state, now)


def after(state: WatchState, act: PauseAct, until: datetime | None, *, now: datetime) -> WatchState | None:
    """
    Return the state after this; None when there is nothing to do.

    Args:
        until: when it ends, of a pause or a mute; a second one replaces the first.
    """
    since = state.left_alone_since if is_left_alone(state, now) else now
    match act:
        case PauseAct.PAUSE:
            return replace(
                state, sequence=state.sequence + 1, paused_until=until, next_check_at=until, left_alone_since=since
            )
        case PauseAct.MUTE:
            return replace(state, sequence=state.sequence + 1, muted_until=until, left_alone_since=since)
        case PauseAct.RESUME:
            if not is_left_alone(state, now):
                return None
            # An end that has come, and not none: what the next check judges had been left alone before.
            muted_until = now if is_muted(state, now) else state.muted_until
            return replace(
                state,
                sequence=state.sequence + 1,
                paused_until=None,
                muted_until=muted_until,
                next_check_at=now,
                left_alone_since=None,
            )
        case _:
            assert_never(act)


def without_past_ends(state: WatchState, now: datetime) -> WatchState:
    """Return the state after a check that was judged, which knows nothing of what has ended."""
    return replace(
        state,
        paused_until=state.paused_until if is_paused(state, now) else None,
        muted_until=state.muted_until if is_muted(state, now) else None,
        left_alone_since=state.left_alone_since if is_left_alone(state, now) else None,
    )
