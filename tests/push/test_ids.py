from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable

import pytest

from watcher.push.ids import (
    hash_token,
    is_slug,
    new_app_token,
    new_record_id,
    new_secret,
    new_slug,
    new_spt,
    new_uid,
)


@pytest.mark.parametrize(
    ("make", "form"),
    [
        (new_app_token, r"AT_[A-Za-z0-9]{32}"),
        (new_uid, r"UID_[A-Za-z0-9]{28}"),
        (new_spt, r"SPT_[A-Za-z0-9]{32}"),
        (new_secret, r"[A-Za-z0-9]{32}"),
        (new_slug, r"[A-Za-z0-9]{28}"),
    ],
)
def test_each_id_has_its_form_and_never_comes_twice(make: Callable[[], str], form: str) -> None:
    made = {make() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(form, one) for one in made)


def test_each_letter_and_digit_is_as_likely_as_any_other() -> None:
    found = Counter("".join(new_slug() for _ in range(10_000)))
    assert len(found) == 62
    # 4,516 of each, with a deviation of 67; a plain remainder of a byte would give 8 of them 5,469.
    assert all(4_000 < times < 5_000 for times in found.values())


def test_a_slug_has_at_least_160_bits() -> None:
    assert len(new_slug()) * math.log2(62) >= 160


def test_a_token_is_hashed_with_sha256_and_any_text_can_be_asked_for() -> None:
    assert hash_token("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hash_token("\ud800") != hash_token("?")


@pytest.mark.parametrize("text", ["", "a" * 27, "a" * 29, "../../../../etc/passwd______", "é" * 28, "\ud800" * 28])
def test_what_cannot_be_a_slug_is_known_without_a_query(text: str) -> None:
    assert not is_slug(text)
    assert is_slug(new_slug())


def test_a_record_id_is_one_of_too_many_to_count_through() -> None:
    made = [new_record_id() for _ in range(1_000)]
    assert all(0 < number < 2**53 for number in made)
    assert len(set(made)) == 1_000
    # Half of the time below 2^52 (σ = 16), a quarter below 2^51 (σ = 14).
    assert 400 < sum(number < 2**52 for number in made) < 600
    assert 150 < sum(number < 2**51 for number in made) < 350
