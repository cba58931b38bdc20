from __future__ import annotations

import pytest

from watcher import runtime


def test_the_package_has_what_it_offers() -> None:
    assert all(callable(getattr(runtime, name)) for name in runtime._HOMES)


def test_it_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'no_such'"):
        getattr(runtime, "no_such")  # noqa: B009 - mypy knows as well
