"""
Several files of a data directory changed as one, whatever ends the process.

| a kill | leaves |
|---|---|
| before `moves.json` is in its place | the old state; what was staged is thrown away by the next change |
| after it | the new state: the next process that opens the directory makes the moves that are missing |

Each move is a rename within the directory. One whose source is gone, or whose target is there, was made already.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from watcher.errors import StoreError
from watcher.store.files import sync, write_durably

_STAGE: Final = ".staged"
_JOURNAL: Final = "moves.json"
_TURN: Final = "moves.lock"
Move = tuple[str, str]
"""From where to where, both relative to the data directory."""


def fresh_stage(data: Path) -> Path:
    """Return an empty directory for what is to be moved into place. The caller is alone. Raises OSError."""
    stage = data / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    return stage


def drop_stage(data: Path) -> None:
    """Throw away what was staged and is not wanted, unless moves of it have begun. The caller is alone."""
    if (data / _JOURNAL).exists():
        return  # the next start makes the rest
    shutil.rmtree(data / _STAGE, ignore_errors=True)


def staged(name: str) -> str:
    """Return where a file of this name is staged, relative to the data directory."""
    return f"{_STAGE}/{name}"


def make_moves(data: Path, moves: Sequence[Move]) -> None:
    """
    Make these moves, in order, all or none; what is staged is on the disk already.

    Raises:
        StoreError: the disk refused; either nothing was moved, or the next start makes the rest.
    """
    try:
        for directory in {(data / source).parent for source, _ in moves if (data / source).exists()}:
            sync(directory)
        write_durably(data / _JOURNAL, json.dumps(moves))
    except OSError as error:
        raise StoreError(f"cannot write in {data}: {error.strerror}") from error
    finish_moves(data)


def finish_moves(data: Path) -> None:
    """
    Make what is missing of moves that a kill broke off; do nothing where there are none.

    Any process may: they take turns.

    Raises:
        StoreError: the disk refused, or the journal is not ours.
    """
    journal = data / _JOURNAL
    if not journal.exists():
        return
    try:
        with (data / _TURN).open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if journal.exists():
                _move_all(data, json.loads(journal.read_text(encoding="utf-8")))
                journal.unlink()
                sync(data)
                drop_stage(data)
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"cannot finish what {journal} says: {error}") from error


def _move_all(data: Path, moves: Sequence[Move]) -> None:
    for source, target in moves:
        if (data / source).exists() and not (data / target).exists():
            (data / target).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.rename(data / source, data / target)
    for directory in sorted({(data / name).parent for move in moves for name in move}):
        if directory.exists():
            sync(directory)
            sync(directory.parent)
