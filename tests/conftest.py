"""No secret comes into a log, whatever is tested."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.leaks import LEAKS, watch

watch()


@pytest.fixture(autouse=True)
def _no_secret_is_logged() -> Iterator[None]:
    """Fail the test in whose time one was."""
    yield
    leaks = LEAKS.take()
    assert not leaks, leaks
