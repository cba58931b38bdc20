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

One page of each watch is kept, the newest. After an upgrade it also says what the new version reads otherwise
(`rereading`), so until the first good check of that version no failure takes its place.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.harmless_headers import NO_LOGIN
from watcher.core.page import Response, Validators
from watcher.core.trouble import has_lost_a_value
from watcher.core.watch import MASK, Request, Watch

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

    @property
    def response(self) -> Response:
        """The page as if it had come so."""
        return Response(
            url=self.url,
            wire=self.text.encode(),
            digest="",
            content_encoding=(),
            media_type=self.media_type,
            charset="utf-8",
            validators=Validators(),
        )


def reading_kept(watch: Watch) -> Watch:
    """Return the watch as it reads a page that is kept."""
    return replace(watch, request=replace(watch.request, encoding="utf-8"))


def shows_snapshot(page: KeptPage, watch: Watch, state: WatchState) -> bool:
    """Return whether a page is whole, and the one that the values of the state were read from."""
    is_good = page.verdict in (Verdict.BASELINE, Verdict.CHANGED) and not page.is_cut
    is_judged = state.checked_at is not None and (state.changed_at or page.at) <= page.at <= state.checked_at
    return is_good and is_judged and (watch.request.secrets is None or MASK not in page.text)


def is_to_be_kept(before: WatchState, decision: Decision, *, engine: str) -> bool:
    """Return whether the page of a check, which this engine made, is of note."""
    match decision.verdict:
        case Verdict.BASELINE | Verdict.CHANGED:
            return True
        case Verdict.FAILED if before.snapshot and before.snapshot.observation.engine != engine:
            return False
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
