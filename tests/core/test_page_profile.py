from __future__ import annotations

import pytest

from watcher.core.page_profile import MAX_MARKS, Profile, is_other, is_whole, kept, marks_of

LAMP = list(range(0, 0xFFFFFF, 0xFFFFFF // 200))
WALL = [mark + 7 for mark in range(0, 0xFFFFFF, 0xFFFFFF // 9)]


def profile(marks: list[int], *, characters: int = 2_000, links: int = 40, heads: bytes = b"a" * 8) -> Profile:
    return Profile(characters=characters, links=links, heads=heads, marks=marks_of(marks))


USUAL = profile(LAMP)


@pytest.mark.parametrize(
    ("now", "share"),
    [
        pytest.param(USUAL, 1, id="itself"),
        pytest.param(profile(WALL), 0, id="a wall"),
        pytest.param(profile(LAMP[:4]), 0.25, id="what is left of it"),
        pytest.param(profile([*LAMP, *WALL]), 1, id="more than itself"),
    ],
)
def test_how_much_of_a_page_is_kept_is_told_from_two_samples(now: Profile, share: float) -> None:
    assert kept(USUAL, now) == share


def test_nothing_is_said_of_a_page_of_a_few_lines() -> None:
    assert kept(profile(LAMP[:7]), profile(WALL)) is None


def test_a_sample_is_bounded_and_each_mark_is_in_it_once() -> None:
    assert len(marks_of([*LAMP, *LAMP])) == MAX_MARKS * 3
    assert marks_of([5, 5, 1 << 30]) == bytes(5) + b"\x05"


@pytest.mark.parametrize(
    ("usual", "now", "whole"),
    [
        (USUAL, USUAL, True),
        (USUAL, profile(LAMP[:150], characters=1_000, links=20), True),
        (USUAL, profile(LAMP, characters=999), False),
        (USUAL, profile(LAMP, links=19), False),
        (USUAL, profile(WALL), False),
        (profile(LAMP, links=5), profile(LAMP, links=0), True),
        (profile(LAMP[:3], characters=40, links=0), profile(LAMP[:2], characters=9, links=0), True),
        (profile(LAMP[:3], characters=40, links=0), profile(WALL, characters=90, links=0, heads=b"b" * 8), False),
    ],
)
def test_a_page_is_whole_with_half_of_its_text_and_links(usual: Profile, now: Profile, whole: bool) -> None:
    assert is_whole(usual, now) is whole


def test_what_is_known_to_be_gone_is_not_counted_as_usual() -> None:
    assert is_whole(USUAL, profile(LAMP, characters=600), lost_characters=900)


@pytest.mark.parametrize(
    ("usual", "now", "other"),
    [
        (USUAL, USUAL, False),
        (USUAL, profile(WALL), True),
        (USUAL, profile(LAMP[:1], characters=100, links=0), True),
        (USUAL, profile(LAMP[:5], characters=600), True),
        (USUAL, profile(LAMP[:5], characters=700), False),
        # Four times as big, and of the few marks that can be compared none is there: it may be chance.
        (USUAL, profile([*range(7, 0xFFFFFF, 0xFFFFFF // 700)]), False),
        (profile(LAMP[:3]), profile(WALL), False),
        (profile(LAMP[:3]), profile(WALL, heads=b"b" * 8), True),
        (profile(LAMP[:3], heads=b""), profile(WALL), False),
    ],
)
def test_a_page_is_another_one_when_next_to_nothing_is_kept(usual: Profile, now: Profile, other: bool) -> None:
    assert is_other(usual, now) is other
