"""
A disk that fails below one directory, for processes that are started with its environment (`failing_disk.c`).

What a power cut leaves is kept beside it: of each file what syncs that succeeded made sure of. Pages whose sync failed
are not written by the next one, as on Linux: so what is acknowledged without being written anew is gone then.
"""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import pytest

_SOURCE: Final = Path(__file__).with_suffix(".c")
_ORDERS: Final = struct.Struct("cBxxI")


class Ill(StrEnum):
    """What fails."""

    SYNC = "s"
    WRITE = "w"
    FULL = "n"
    SHORT = "h"
    READ_ONLY = "r"


@cache
def _library() -> Path:
    if (compiler := shutil.which("cc")) is None:
        pytest.skip("there is no C compiler (cc), which the disk that fails is built with")
    built = Path(mkdtemp(prefix="watcher-failing-disk-")) / "failing_disk.so"
    options = ["-O2", "-shared", "-fPIC", "-Wall", "-Wextra"]
    subprocess.run([compiler, *options, "-o", built, _SOURCE, "-ldl", "-pthread"], check=True, timeout=60)
    return built


class Orders:
    """Says what fails, in any process."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._mapped = mmap.mmap(file.fileno(), mmap.PAGESIZE)

    @property
    def refused(self) -> int:
        """How many calls were refused so far."""
        return int(_ORDERS.unpack_from(self._mapped)[2])

    def fail(self, ill: Ill, *, every: int = 1) -> None:
        """Refuse each such call from now on, or one of so many."""
        self._mapped[:2] = bytes([ord(ill), every])

    def heal(self) -> None:
        """Refuse nothing."""
        self._mapped[:2] = bytes(2)


class FailingDisk:
    """
    The disk of a data directory; well at first.

    Attributes:
        orders: say when it fails.
    """

    def __init__(self, data: Path, beside: Path) -> None:
        """`beside`: an empty directory for the orders, and for what a power cut leaves; not below `data`."""
        self._data = data.absolute()
        self._durable = beside.absolute() / "durable"
        self._orders = beside.absolute() / "orders"
        self._orders.write_bytes(bytes(mmap.PAGESIZE))
        self.orders = Orders(self._orders)
        data.mkdir(mode=0o700, exist_ok=True)
        shutil.copytree(data, self._durable)

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process is started with whose disk this is."""
        return {
            "LD_PRELOAD": str(_library()),
            "FAILING_DISK_BELOW": str(self._data),
            "FAILING_DISK_ORDERS": str(self._orders),
            "FAILING_DISK_DURABLE": str(self._durable),
        }

    def cut_power(self) -> None:
        """Leave of the directory what was synced; nobody has it open."""
        shutil.rmtree(self._data)
        shutil.copytree(self._durable, self._data)


def a_failing_disk(data: Path, beside: Path) -> FailingDisk:
    """Give a data directory such a disk, or skip the test where none can be built."""
    _library()
    return FailingDisk(data, beside)
