"""
The operator's name, which readers see: given to the server, or asked once and kept in the data directory.

An empty file says that the operator was asked, and wants no name shown.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from watcher.core.words import clean, one_line
from watcher.errors import StoreError, UsageError
from watcher.store.files import make_private_directory, write_durably

OPERATOR_NAME_CHARACTERS: Final = 60
_FILE: Final = "operator_name"
_MOST_BYTES: Final = 1_000
_log = logging.getLogger(__name__)


def checked_operator_name(text: str) -> str:
    """Return the name in one line. Raises UsageError when it is too long."""
    name = one_line(clean(text))
    if len(name) > OPERATOR_NAME_CHARACTERS:
        raise UsageError(f"the operator's name has {len(name)} characters; write at most {OPERATOR_NAME_CHARACTERS}")
    return name


def kept_operator_name(data: Path) -> str | None:
    """Return the name that is kept, empty where none is wanted; None: nobody was asked yet."""
    file = data / _FILE
    try:
        with file.open("rb") as opened:
            return checked_operator_name(opened.read(_MOST_BYTES).decode())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, UsageError) as error:
        _log.warning("the operator is not named, for %s cannot be used: %s", file, error)
        return ""


def keep_operator_name(data: Path, name: str) -> None:
    """Keep the name for the next starts. Raises StoreError."""
    make_private_directory(data)
    try:
        write_durably(data / _FILE, name + "\n")
    except OSError as error:
        raise StoreError(f"cannot write in {data}: {error.strerror}") from error
