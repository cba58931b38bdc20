"""
The operator's name, which readers see: given to the server, or asked once and kept in the data directory.

An empty file says that the operator was asked, and wants no name shown.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from watcher.core.settings import Settings
from watcher.core.words import clean, one_line
from watcher.errors import StoreError, UsageError
from watcher.store.files import make_private_directory, write_durably

OPERATOR_NAME_CHARACTERS: Final = 60
_FILE: Final = "operator_name"
_MOST_BYTES: Final = 1_000
_log = logging.getLogger(__name__)


AskName = Callable[[], str | None]
"""Asks the operator for a name, within a limit; None: nobody can be asked."""


def is_made_now(data: Path) -> bool:
    """
    Return whether this start makes the data directory: it is not there, or holds only the lock of a start that failed.

    An empty directory was made by somebody else, such as Docker for a volume.
    """
    try:
        names = os.listdir(data)
    except FileNotFoundError:
        return True
    except OSError:  # what is wrong with it the lock says
        return False
    return bool(names) and all(name.endswith(".lock") for name in names)


def with_operator_name(settings: Settings, ask: AskName, *, is_new: bool) -> Settings:
    """
    Return the settings with the operator's name: the one that was given, or kept, or is asked for now.

    Args:
        is_new: this start made the data directory; else nobody is asked, for a server that starts again, on whatever
            terminal, waits for nobody.
    """
    if settings.operator_name is not None:
        return settings
    name = kept_operator_name(settings.data)
    if name is None and is_new and (name := ask()) is not None:
        keep_operator_name(settings.data, name)
    return replace(settings, operator_name=name)


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
