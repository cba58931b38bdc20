"""
Whether the installed files are those of this distribution.

PyPI's `watcher` is another program with the same folder: the one that is installed last overwrites files of the other,
and the one that is uninstalled takes them along.
"""

from __future__ import annotations

import csv
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

from msgspec import Struct

import watcher
from watcher.core.findings import Check, Finding, doubtful, fine, wrong

_ADVICE: Final = "install pagewatcher anew, into an environment of its own: `uv tool install`, or `pipx install`"


class _File(Struct, frozen=True, kw_only=True):
    """An installed file: `digest` as RECORD has it, `sha256=…`; empty where it has none."""

    name: str
    path: Path
    digest: str


def check_package(path: Sequence[str] | None = None) -> Sequence[Finding]:
    """
    Return what became of the installed files; nothing of a checkout, whose files are to be changed.

    Args:
        path: directories to look for distributions in. Default: where Python imports from.
    """
    installed = list(distributions() if path is None else distributions(path=[*path]))
    ours = [file for each in installed if _name(each) == watcher.__distribution__ for file in _in_package(each)]
    if not ours:
        return []
    others = sorted({_name(each) for each in installed if any(_in_package(each))} - {watcher.__distribution__})
    changed = [file.name for file in ours if not _is_as_installed(file)]
    whose = f"; {', '.join(others)} has files in the same folder" if others else ""
    if changed:
        count = f"{len(changed)} file{'s' if len(changed) > 1 else ''}"
        return [wrong(Check.PACKAGE, f"{changed[0]} is not what was installed ({count}){whose}", _ADVICE)]
    if others:
        return [doubtful(Check.PACKAGE, f"all files are as they were installed{whose}", _ADVICE)]
    return [fine(Check.PACKAGE, f"all {len(ours)} files are as they were installed")]


def _name(distribution: Distribution) -> str:
    return str(distribution.metadata["Name"])


def _in_package(distribution: Distribution) -> Iterator[_File]:
    """
    Yield its files in our folder, without those that Python compiles.

    As RECORD lists them: `Distribution.files` leaves out those that are gone.
    """
    for name, digest, *_ in csv.reader((distribution.read_text("RECORD") or "").splitlines()):
        if name.startswith(f"{watcher.__name__}/") and not name.endswith(".pyc"):
            yield _File(name=name, path=Path(str(distribution.locate_file(name))), digest=digest)


def _is_as_installed(file: _File) -> bool:
    """Return whether its digest is the one in RECORD, where it has no padding (the binary distribution format)."""
    kind, _, digest = file.digest.partition("=")
    if not digest:
        return True
    try:
        found = hashlib.new(kind, file.path.read_bytes()).digest()
    except OSError:
        return False
    return urlsafe_b64encode(found).rstrip(b"=").decode("ascii") == digest
