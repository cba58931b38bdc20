from __future__ import annotations

import pytest

from watcher.config.kinds import pattern


@pytest.mark.parametrize("written", ["(", "x" * 1_001, "(?P<a>x)(?P<a"])
def test_a_wrong_regular_expression_is_refused_in_one_line(written: str) -> None:
    with pytest.raises(ValueError, match=r"^.*$"):
        pattern(written)
