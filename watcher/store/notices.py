"""
What the operator must hear of the data directory itself, kept in files until it is in an outbox.

The databases cannot hold it: it is written together with the change of a database, before that is opened.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

_FOLDER: Final = "untold"
_LOSSES: Final = "losses"
_log = logging.getLogger(__name__)


class Notice(Struct, frozen=True, kw_only=True):
    """
    One word to the operator.

    Attributes:
        path: gone when it was told; that of a loss, when it was accepted.
        name: of this notice alone, so that a repeat is recognised.
    """

    path: Path
    name: str
    summary: str
    content: str
    created_at: datetime


def notice_file(name: str, stamp: str) -> str:
    """Return where the notice about a database is, relative to the data directory."""
    return f"{_FOLDER}/{name.replace('/', '-')}-{stamp}.json"


def loss_file(name: str, stamp: str) -> str:
    """Return where it stands, until the operator accepts it, that something of a database was lost; relative too."""
    return notice_file(name, stamp).replace(_FOLDER, _LOSSES, 1)


def notice_text(summary: str, content: str, now: datetime) -> str:
    """Return the notice as it is kept."""
    return json.dumps({"summary": summary, "content": content, "created_at": now.isoformat()}, ensure_ascii=False)


def untold_notices(data: Path) -> Sequence[Notice]:
    """Return what was not told yet, oldest first. Raises OSError."""
    return _notices(data / _FOLDER)


def losses(data: Path) -> Sequence[Notice]:
    """Return what was lost and the operator has not accepted yet, oldest first. Raises OSError."""
    return _notices(data / _LOSSES)


def _notices(folder: Path) -> Sequence[Notice]:
    found = [_read(path) for path in sorted(folder.glob("*.json"))]
    return sorted((notice for notice in found if notice), key=lambda notice: notice.created_at)


def _read(path: Path) -> Notice | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Notice(
            path=path,
            name=path.stem,
            summary=str(record["summary"]),
            content=str(record["content"]),
            created_at=datetime.fromisoformat(record["created_at"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        _log.warning("%s is not a notice: %r", path, error)
        return None
