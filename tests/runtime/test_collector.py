"""The collector of cycles and a start."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from watcher.runtime.process.collector import starting


class Made:
    """Something that a start makes."""


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.freeze()  # what the collection of the tests made stays frozen: walking over it takes seconds
    gc.enable()


def test_what_a_start_made_is_not_walked_over_and_what_comes_later_is() -> None:
    with starting():
        assert not gc.isenabled()
        made = Made()
    assert gc.isenabled()
    assert not any(one is made for one in gc.get_objects())
    later = Made()
    assert any(one is later for one in gc.get_objects())


def test_what_a_start_made_is_freed_when_nobody_needs_it() -> None:
    with starting():
        made = Made()
    is_there = weakref.ref(made)
    del made
    assert is_there() is None


def test_a_start_that_fails_leaves_the_collector_as_it_was() -> None:
    made = Made()
    with pytest.raises(ValueError, match="no"), starting():
        raise ValueError("no")
    assert gc.isenabled()
    assert any(one is made for one in gc.get_objects())
