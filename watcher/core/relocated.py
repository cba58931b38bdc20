"""
Where the lost values of a watch are now, and whether that is clear enough to be written.

| nothing can be written when …                        | because …                                              |
|------------------------------------------------------|--------------------------------------------------------|
| no page came                                         | there is nothing to look at                            |
| nothing is remembered of what is around the values   | no good check was made since the watch was written     |
| nothing on the page is like the place of a value     | what is watched may be gone                            |
| several places are as likely                         | somebody has to say which is meant                     |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from watcher.core.check import CheckFailure, WatchState
from watcher.core.page import Response
from watcher.core.proposal import Proposal


class Relocated(Struct, frozen=True, kw_only=True):
    """
    What a check of a watch comes to now, and where its lost values may stand.

    Attributes:
        failure: None: it works.
        proposals: one for each value that is lost, or not believed.
        response: the page of a watch that fails; None where none came.
    """

    watch: str
    failure: CheckFailure | None
    proposals: tuple[Proposal, ...] = ()
    response: Response | None = None


class Unclear(StrEnum):
    """Why nothing can be written; `unclear_…` in the translations says so."""

    NO_PAGE = "no_page"
    NO_WITNESS = "no_witness"
    NOTHING_LIKE = "nothing_like"
    SEVERAL = "several"


def unclear(found: Relocated, state: WatchState | None) -> tuple[Unclear, Sequence[str]] | None:
    """Return why nothing can be written, with the names that it is about; None where each value has one clear place."""
    if found.response is None:
        return Unclear.NO_PAGE, ()
    if state is None or not state.witnesses:
        return Unclear.NO_WITNESS, ()
    if not found.proposals or any(not each.places for each in found.proposals):
        return Unclear.NOTHING_LIKE, [each.name for each in found.proposals if not each.places]
    several = [each.name for each in found.proposals if not each.is_clear]
    return (Unclear.SEVERAL, several) if several else None


def first_places(found: Relocated) -> Mapping[str, str]:
    """Return the likeliest selector of each value that was lost."""
    return {each.name: each.places[0].selector for each in found.proposals if each.places}
