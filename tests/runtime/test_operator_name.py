"""The operator's name: given, or typed once and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.errors import UsageError
from watcher.runtime.serving.operator_name import checked_operator_name, keep_operator_name, kept_operator_name


def test_a_name_is_kept_and_so_is_that_none_is_wanted(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert kept_operator_name(data) is None
    for name in ("Ada Lovelace · 阿达", ""):
        keep_operator_name(data, name)
        assert kept_operator_name(data) == name


def test_a_name_is_one_line_of_at_most_60_characters() -> None:
    assert checked_operator_name(" Ada\n\u202eLovelace ") == "Ada Lovelace"
    assert checked_operator_name("x" * 60) == "x" * 60
    with pytest.raises(UsageError, match="61 characters; write at most 60"):
        checked_operator_name("x" * 61)


@pytest.mark.parametrize("written", [b"\xff\xfe", b"x" * 5_000], ids=["no text", "far too long"])
def test_what_is_no_name_names_nobody_and_asks_nobody(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "operator_name").write_bytes(written)
    assert kept_operator_name(tmp_path) == ""
