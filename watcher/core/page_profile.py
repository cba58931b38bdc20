"""
How a page usually looks, in 150 bytes: whether what came is that page, another one, or what is left of it.

A page is sampled: of all that it is made of (lines of text, targets of links, classes) the `MAX_MARKS` with the
smallest digests are kept, which are the same ones whenever most of the page is. A wall shares next to none with the
page that it stands in front of, in whatever language it speaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import Struct

from watcher.core.values import Rows
from watcher.core.witness import NO_WITNESSES, Doubt

MAX_MARKS = 16
_FEWEST_MARKS = 8
"""Of a page with fewer nothing is said of how much was kept: a change of one line is too much of it."""
_FEWEST_LINKS = 6
FEWEST_CHARACTERS = 100
"""The text of a page that is shorter may lose half of itself without suspicion."""
_SHARE_OF_WHOLE = 1 / 4
"""So much of its marks a page keeps that is changed, but whole. This and what follows is measured by `tests.walls`."""
_SHARE_OF_OTHER = 1 / 8
"""Of a page that keeps less, next to nothing is left."""
_SHARE_OF_REMNANT = 1 / 2
_REMNANT_OF_TEXT = 1 / 3
"""A page that keeps less of its marks, and less of its text than this, is another one."""
_WIDTH = 3
_HEAD_WIDTH = 4
NO_PROFILE = b""
"""As it is kept."""


class Profile(Struct, frozen=True, kw_only=True, array_like=True):
    """
    How a page looks.

    Attributes:
        characters: of its text.
        links: how many it has.
        heads: digests of its title and of its first heading, 4 bytes each; empty when it has neither.
        marks: the smallest digests of what it is made of, 3 bytes each, in order.
    """

    characters: int
    links: int
    heads: bytes
    marks: bytes


class Taken(Struct, frozen=True, array_like=True):
    """A profile, and when it was taken."""

    profile: Profile
    at: datetime


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Taken)


def packed_profile(taken: Taken) -> bytes:
    """Return a profile as it is kept: in a third of the memory, for each watch has one and few are looked at."""
    return bytes(memoryview(_ENCODER.encode(taken)))  # a copy, for the encoder's own has room to spare


def unpacked_profile(packed: bytes) -> Taken | None:
    """Return the profile that is kept, if one is."""
    return _DECODER.decode(packed) if packed else None


class Usual(Struct, frozen=True, kw_only=True):
    """
    What is known of a page before a check. All of it may be nothing.

    Attributes:
        rows: what was believed of it last.
        profile: how it looks, packed.
        witnesses: of its values, packed.
        prefix_kib: so much of its source decided its values; 0: all of it.
        is_profile_due: it was taken so long ago that it is to be taken again, whatever the values say of the page.
        is_refused: what the last check saw is not believed.
    """

    rows: Rows
    profile: bytes = NO_PROFILE
    witnesses: bytes = NO_WITNESSES
    prefix_kib: int = 0
    is_profile_due: bool = False
    is_refused: bool = False


class Examined(Struct, frozen=True, kw_only=True):
    """
    What came of a closer look at a page.

    Attributes:
        profile: how it looks; None of a page that has no profile, and where nobody had to ask.
        witnesses: of its values, packed.
        doubts: that witnesses have of what was found.
        accusation: why a first look does not believe the page; its name is the kind of the failure.
        prefix_kib: so much of the page's source decides its values; 0: all of it.
    """

    profile: Profile | None
    witnesses: bytes = NO_WITNESSES
    doubts: tuple[Doubt, ...] = ()
    accusation: Doubt | None = None
    prefix_kib: int = 0


def marks_of(digests: Iterable[int]) -> bytes:
    """Return the sample of these 32-bit digests."""
    smallest = sorted({digest & 0xFFFFFF for digest in digests})[:MAX_MARKS]
    return b"".join(digest.to_bytes(_WIDTH) for digest in smallest)


def kept(usual: Profile, now: Profile) -> float | None:
    """Return the share of the usual page that is still there, 0 to 1; None when it is too little to say."""
    before, after = _comparable(usual, now), _split(now.marks)
    if len(before) < _FEWEST_MARKS // 2 or len(usual.marks) < _FEWEST_MARKS * _WIDTH:
        return None
    return len(set(before).intersection(after)) / len(before)


def _comparable(usual: Profile, now: Profile) -> list[bytes]:
    """Return the usual marks of which it is known whether they are still there: beyond a full sample it is not."""
    before, after = _split(usual.marks), _split(now.marks)
    return before if len(after) < MAX_MARKS else [mark for mark in before if mark <= after[-1]]


def is_whole(usual: Profile, now: Profile, *, lost_characters: int = 0) -> bool:
    """
    Return whether the page is there as usual: with half of its text and links at least, and of its marks a quarter.

    Args:
        lost_characters: of values that are known to be gone; they are not counted as usual.
    """
    expected = usual.characters - lost_characters
    has_text = expected < FEWEST_CHARACTERS or 2 * now.characters >= expected
    if not has_text or _has_few_links(usual, now) or _is_renamed(usual, now):
        return False
    share = kept(usual, now)
    return share is None or share >= _SHARE_OF_WHOLE


def is_other(usual: Profile, now: Profile) -> bool:
    """
    Return whether the page is another one.

    Next to nothing of it is kept, and what there is is less than half, or nothing at all of enough to look at is kept;
    or a third of the text is left, and less than half of the marks. A page that is too short to say so is another one
    when it has another title, and nothing of it is kept.
    """
    share = kept(usual, now)
    if share is None:
        return _is_renamed(usual, now)
    if share < _SHARE_OF_OTHER:
        is_blank = share == 0 and len(_comparable(usual, now)) >= _FEWEST_MARKS
        return is_blank or 2 * now.characters < usual.characters or _has_few_links(usual, now)
    return share < _SHARE_OF_REMNANT and now.characters < _REMNANT_OF_TEXT * usual.characters


def _is_renamed(usual: Profile, now: Profile) -> bool:
    """Return whether all is new, and the title too."""
    has_other_title = bool(usual.heads) and usual.heads[:_HEAD_WIDTH] != now.heads[:_HEAD_WIDTH]
    return has_other_title and set(_split(usual.marks)).isdisjoint(_split(now.marks))


def _has_few_links(usual: Profile, now: Profile) -> bool:
    return usual.links >= _FEWEST_LINKS and 2 * now.links < usual.links


def _split(marks: bytes) -> list[bytes]:
    return [marks[at : at + _WIDTH] for at in range(0, len(marks), _WIDTH)]
