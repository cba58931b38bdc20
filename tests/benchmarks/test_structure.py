from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import watcher
from benchmarks.paths import TRACED
from benchmarks.structure import Figures, Function, module_of, table
from benchmarks.traced import Recorder
from watcher.core.figures import Durations
from watcher.core.instants import epoch_milliseconds
from watcher.core.masking import masked

SOURCE = '''\
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def outer() -> None:
    """Return nothing."""
    import json

    def inner() -> None:
        from shutil import move


class Thing:
    def method(self) -> None:
        if self:
            import signal
'''


def test_the_pieces_of_a_module_are_counted_wherever_they_stand() -> None:
    module = module_of(SOURCE, "thing.py")

    assert (module.lines, module.code_lines) == (19, 12)
    assert module.functions == [
        Function(name="outer", lines=6),
        Function(name="inner", lines=2),
        Function(name="method", lines=3),
    ]
    assert module.local_imports == 3
    assert module.type_blocks == 1


def test_long_functions_are_named_besides_those_of_migrations() -> None:
    long = "def long():\n" + "    pass\n" * 50
    modules = [module_of(long, path) for path in ("watcher/a.py", "watcher/migrations/b.py")]

    assert Figures(modules=modules, paths={}).long_functions() == ["watcher/a.py: long, 51"]


def test_the_table_shows_what_was_before_where_that_is_known() -> None:
    now, before = (Figures(modules=[module_of(SOURCE, "a.py")] * number, paths={}) for number in (1, 2))

    assert "| modules | 1 |" in table(now, None)
    assert "| modules | 2 | 1 |" in table(now, before)


def test_a_recorder_notes_the_modules_from_the_first_up_to_the_last() -> None:
    recorder = Recorder(Path(watcher.__file__).parents[1])
    recorder.record("watcher/core/masking.py", "watcher/core/instants.py")
    before = sys.getprofile()
    sys.setprofile(recorder)
    try:
        Durations().note(1.0)
        masked("/t/secret")
        Durations().note(1.0)
        epoch_milliseconds(datetime.now(UTC))
        Durations().note(1.0)
    finally:
        sys.setprofile(before)

    assert recorder.take() == ["watcher/core/masking.py", "watcher/core/figures.py"]


def test_a_traced_watcher_finds_the_standard_library(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, *TRACED, tmp_path / "control", "--version"], capture_output=True, text=True, timeout=30
    )

    assert (said.returncode, said.stderr) == (0, "")
