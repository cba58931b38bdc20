"""`python -m watcher` and the `watcher` command. A process of a pool imports it too, so it imports little by itself."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence


def main() -> None:
    """Run the command that the process was started with."""
    _open_closed_streams()
    is_long = _command(sys.argv[1:]) in ("run", "serve")
    if is_long:
        _end_quietly_when_told()
    if sys.version_info < (3, 11):  # noqa: UP036 - who runs a checkout has not asked pip, which would have refused
        sys.exit(f"watcher needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    # What a start makes stays. Looking through it for garbage took 50 ms of CPU of a pass of 300: some while it was
    # made, and most at the exit, where all of it goes anyway.
    gc.set_threshold(50_000 if is_long else 200_000, 20, 100)
    from watcher.cli.app import main as run

    try:
        run()
    finally:
        gc.freeze()


def _open_closed_streams() -> None:
    """
    Open the null device for each standard stream that was closed (`>&-`), as cron jobs and supervisors do.

    Else the next file or connection would be that stream: libuv aborts then, and what is printed would be sent there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, os.O_RDWR)  # the lowest that is free: that of the stream
            os.set_inheritable(number, True)
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: SIM115 - for as long as the process lives


def _command(arguments: Sequence[str]) -> str | None:
    """Return the command among the arguments: the first that is neither an option nor its value."""
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("-"):
            return argument
        if argument == "--log-format":
            next(rest, None)
    return None


def _end_quietly_when_told() -> None:
    """
    Let SIGTERM and Ctrl-C end the process at once, with 0, until it has a clean stop (`runtime/process/signals.py`).

    For what runs until it is told to stop, a stop during its start is no failure; and it loses nothing, for a kill does
    not. What is ignored (as by nohup) stays so.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: os._exit(0))


if __name__ == "__main__":
    main()
