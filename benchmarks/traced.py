"""
Runs the watcher in one process and says through which of its modules a piece of work passes.

    python -P traced.py SOCKET ARGUMENT…        (a watcher on PYTHONPATH)

Takes one connection on the Unix socket. `record FIRST LAST` forgets what was recorded, and records from the first call
into a module whose path begins with FIRST to the first call into one whose path begins with LAST; `-` is any, and none.
`take` answers the modules that were recorded as JSON, in the order of their first call.
Stands alone: it imports nothing of the project before it records.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from types import FrameType


class Recorder:
    """A profile function for all threads: notes which modules of the package are called into."""

    def __init__(self, root: Path) -> None:
        """`root`: the folder that holds the package."""
        self._package = str(root / "watcher")
        self._cut = len(str(root)) + 1
        self._seen: dict[str, None] = {}
        self._first: str | None = None
        self._last: str | None = None
        self._is_recording = False

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:  # noqa: ARG002 - as profilers are called
        """Note a call."""
        path = frame.f_code.co_filename
        if event != "call" or not path.startswith(self._package) or not path.endswith(".py"):
            return
        module = path[self._cut :]
        if self._first is not None and module.startswith(self._first):
            self._first, self._is_recording = None, True
        if self._is_recording and self._last is not None and module.startswith(self._last):
            self._is_recording = False
        if self._is_recording:
            self._seen[module] = None

    def record(self, first: str, last: str) -> None:
        """Begin anew, at a module whose path begins with `first`."""
        self._is_recording = False
        self._seen = {}
        self._last = None if last == "-" else last
        self._first = "" if first == "-" else first

    def take(self) -> list[str]:
        """Return the modules that were recorded, and record no more."""
        self._first, self._is_recording = None, False
        return [*self._seen]


def main() -> None:
    """Run as the command line says."""
    path, *arguments = sys.argv[1:]
    spec = find_spec("watcher")
    assert spec is not None
    assert spec.origin is not None
    recorder = Recorder(Path(spec.origin).parents[1])
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        threading.Thread(target=_obey, args=(listening, recorder), daemon=True).start()
        threading.setprofile(recorder)
        sys.setprofile(recorder)
        sys.argv = ["watcher", *arguments]
        from watcher.__main__ import main as run

        run()


def _obey(listening: socket.socket, recorder: Recorder) -> None:
    connection, _ = listening.accept()
    with connection, connection.makefile("rw") as lines:
        for line in lines:
            match line.split():
                case ["record", first, last]:
                    recorder.record(first, last)
                    answer: list[str] = []
                case _:
                    answer = recorder.take()
            lines.write(json.dumps(answer) + "\n")
            lines.flush()


if __name__ == "__main__":
    main()
