"""Commands whose standard streams are closed, as by the `>&-` of a cron job."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import SECONDS


@pytest.mark.faults
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_pass_needs_no_standard_stream(closed: str, tmp_path: Path) -> None:
    (tmp_path / "watches.yaml").write_text("defaults: {topic: t}\nwatches: {}\n", encoding="utf-8")
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "watcher", "check"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == ("" if ">&-" in closed.replace("2>&-", "") else "nothing to check\n")


@pytest.mark.faults
def test_what_is_asked_for_is_empty_where_nobody_can_type(tmp_path: Path) -> None:
    command = ["sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "-m", "watcher", "password", "--data", "data"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (ended.returncode, ended.stderr) == (2, "watcher: password: 0 characters; at least 12\n")
