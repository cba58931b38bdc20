"""
What a disk may hold after the power went: made from the record of what a process told it.

What was written before a file's last sync is there. Of what was written later each piece of 512 bytes, or of 4 KiB, is
there or is not; a file that grew has zeros where a piece is not. Files appear, vanish and change their names in the
order in which they did; how many of these steps were kept is chance, but for those that a sync of the file, or of its
directory, made sure of. So do journaling file systems; SQLite asks for no more (sqlite.org/atomiccommit.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Final

from tests.faults.jobs import Event

_PIECES: Final = (512, 4096)
_KEPT: Final = (0.0, 0.1, 0.5, 0.9, 1.0)
"""The share of what was not synced that the disk holds; each state has one of these, as the first is the worst."""
_SHARED_MEMORY: Final = "-shm"
"""SQLite's index of its log: made anew when nobody has it open."""


@dataclass(slots=True)
class _File:
    """A file's contents as they are for certain, and what was done since."""

    safe: bytearray = field(default_factory=bytearray)
    unsure: list[Event] = field(default_factory=list)

    def sync(self) -> None:
        """Make sure of everything."""
        for event in self.unsure:
            _apply(self.safe, event)
        self.unsure.clear()


def disk_after(events: Iterable[Event], chance: Random) -> dict[str, bytes]:
    """Return the files that may be there, by path, after the power went with the last of these events done."""
    disk = _Disk()
    for event in events:
        disk.take(event)
    return disk.after_the_cut(chance)


def disk_now(events: Iterable[Event]) -> dict[str, bytes]:
    """Return the files as a kill of the process leaves them, with the last of these events done."""
    disk = _Disk()
    for event in events:
        disk.take(event)
    for file in disk.names.values():
        file.sync()
    return {path: bytes(file.safe) for path, file in disk.names.items() if not path.endswith(_SHARED_MEMORY)}


class _Disk:
    """
    The record, read up to some point.

    Attributes:
        names: as the process sees them.
        safe_names: as they are for certain.
        steps: what was done to names since, in order: a name, and the file it got, or None.
    """

    def __init__(self) -> None:
        self.names: dict[str, _File] = {}
        self.safe_names: dict[str, _File] = {}
        self.steps: list[tuple[str, _File | None]] = []

    def take(self, event: Event) -> None:
        """Read one event."""
        match event.call:
            case "openat":
                if event.path not in self.names:
                    self._name(event.path, _File())
                if event.offset:
                    self.names[event.path].unsure.append(replace(event, call="ftruncate", offset=0))
            case "write" | "pwrite64" | "ftruncate":
                self._file(event.path).unsure.append(event)
            case "fsync" | "fdatasync":
                self._sync(event.path)
            case "unlink":
                self._name(event.path, None)
            case "rename":
                self._name(event.data.decode(), self._file(event.path))
                self._name(event.path, None)

    def _file(self, path: str) -> _File:
        if path not in self.names:
            self._name(path, _File())
        return self.names[path]

    def _name(self, path: str, file: _File | None) -> None:
        self.steps.append((path, file))
        if file is None:
            self.names.pop(path, None)
        else:
            self.names[path] = file

    def _sync(self, path: str) -> None:
        """Make sure of a file and of all steps up to its own name; or, of a directory, of all steps."""
        file = self.names.get(path)
        if file is not None:
            file.sync()
        upto = max((place for place, step in enumerate(self.steps, 1) if file is None or step[1] is file), default=0)
        for step in self.steps[:upto]:
            _rename(self.safe_names, step)
        del self.steps[:upto]

    def after_the_cut(self, chance: Random) -> dict[str, bytes]:
        """Return what may be there if the power goes now."""
        names = dict(self.safe_names)
        for step in self.steps[: chance.randint(0, len(self.steps))]:
            _rename(names, step)
        share, piece = chance.choice(_KEPT), chance.choice(_PIECES)
        return {
            path: _torn(file, share, piece, chance) for path, file in names.items() if not path.endswith(_SHARED_MEMORY)
        }


def _rename(names: dict[str, _File], step: tuple[str, _File | None]) -> None:
    path, file = step
    if file is None:
        names.pop(path, None)
    else:
        names[path] = file


def _torn(file: _File, share: float, piece: int, chance: Random) -> bytes:
    content = bytearray(file.safe)
    for event in file.unsure:
        for part in _parts(event, piece):
            if chance.random() < share:
                _apply(content, part)
    return bytes(content)


def _parts(event: Event, piece: int) -> Sequence[Event]:
    """Return a write as the sectors that it is for the disk."""
    if event.call == "ftruncate":
        return [event]
    first = piece - event.offset % piece
    starts = [0, *range(first, len(event.data), piece)]
    return [
        replace(event, offset=event.offset + start, data=event.data[start:end])
        for start, end in zip(starts, [*starts[1:], len(event.data)], strict=True)
    ]


def _apply(content: bytearray, event: Event) -> None:
    missing = event.offset - len(content)
    if missing > 0:
        content.extend(bytes(missing))
    if event.call == "ftruncate":
        del content[event.offset :]
    else:
        content[event.offset : event.offset + len(event.data)] = event.data


def lay_out(files: dict[str, bytes], *, was: Path, home: Path) -> None:
    """Write the files below another directory than they were in."""
    for path, content in files.items():
        place = home / Path(path).relative_to(was)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.write_bytes(content)
