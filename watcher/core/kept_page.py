"""
The page as a check read it, kept for who wants to see why it came to what it came to.

| it is kept of …                    | and not of …                                                                    |
|------------------------------------|---------------------------------------------------------------------------------|
| a baseline                         | a check that finds nothing new                                                  |
| a change                           | a failure of the kind of the last one, unless a value is lost: it is looked for |
|                                    | in the newest page                                                              |
| a failure of a new kind, of a page | a failure without a page                                                        |
| a watch with `keep_page: true`     | one that sends cookies, or headers that may be a login, or asks in a private    |
|                                    | network (`allow_private`), unless it says so                                    |

One page of each watch is kept, the newest.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.harmless_headers import NO_LOGIN
from watcher.core.trouble import has_lost_a_value
from watcher.core.watch import Request

MOST_BYTES: Final = 256 * 1024
"""Of the text, as UTF-8."""


class KeptPage(Struct, frozen=True, kw_only=True):
    """
    A page, without secrets.

    Attributes:
        verdict: of the check that read it.
        is_cut: there was more of it.
    """

    watch: str
    at: datetime
    verdict: Verdict
    url: str
    media_type: str
    text: str
    is_cut: bool


def is_to_be_kept(before: WatchState, decision: Decision) -> bool:
    """Return whether the page of a check is of note."""
    match decision.verdict:
        case Verdict.BASELINE | Verdict.CHANGED:
            return True
        case Verdict.FAILED:
            after = decision.state.failure
            is_new = after is not None and (before.failure is None or before.failure.kind != after.kind)
            return is_new or has_lost_a_value(after)
        case _:
            return False


def is_own(request: Request) -> bool:
    """Return whether what is asked for may be somebody's own page: behind a login, or in a private network."""
    has_login = bool(request.cookies) or any(name.lower() not in NO_LOGIN for name in request.headers)
    return has_login or request.allow_private
