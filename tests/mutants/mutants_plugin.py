"""
A plugin of pytest, copied into each checkout: it says which test runs, and runs those that are wanted.

Where `MUTANTS_PROBES` names a folder, the defects' places are written down as they are reached (`probe`), each with the
test that runs. The test stands in a file for each process of xdist, so what a test started, or shares with others,
knows of it too, whatever else it was told.
Where `MUTANTS_WANTED` names a file, its tests alone run, in the order of the file, and the first that fails is
written behind them.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

_BYTES = 2000
_folder: Path | None = None
_maps: dict[str, mmap.mmap] = {}
_seen: set[tuple[int, bytes]] = set()


def probe(number: int) -> None:
    """Write down that a test reaches a place."""
    test = _current()[:]
    if (number, test) in _seen:
        return
    _seen.add((number, test))
    line = f"{number} {test.rstrip(bytes(1)).decode()}\n".encode()
    file = os.open(_places() / "hits", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.write(file, line)
    os.close(file)


def _places() -> Path:
    return Path(__file__).with_name("probes")


def _current() -> mmap.mmap:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker not in _maps:
        path = _places() / f"test-{worker}"
        if not path.exists():
            path.write_bytes(bytes(_BYTES))
        with path.open("r+b") as file:
            _maps[worker] = mmap.mmap(file.fileno(), _BYTES)
    return _maps[worker]


def pytest_runtest_logstart(nodeid: str) -> None:
    """Note the test."""
    if _places().exists():
        name = nodeid.encode()[:_BYTES]
        _current()[:] = name + bytes(_BYTES - len(name))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note how long it took, and whether it failed."""
    if _places().exists() and "PYTEST_XDIST_WORKER" not in os.environ:
        with (_places() / "reports").open("a", encoding="utf-8") as file:
            file.write(json.dumps([report.nodeid, report.duration, report.outcome]) + "\n")
    if report.failed and "MUTANTS_WANTED" in os.environ:
        with Path(os.environ["MUTANTS_WANTED"] + ".failed").open("a", encoding="utf-8") as file:
            file.write(report.nodeid + "\n")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Keep what is wanted."""
    yield
    if "MUTANTS_WANTED" in os.environ:
        wanted = Path(os.environ["MUTANTS_WANTED"]).read_text(encoding="utf-8").splitlines()
        places = {test: place for place, test in enumerate(wanted)}
        items[:] = sorted((item for item in items if item.nodeid in places), key=lambda item: places[item.nodeid])
