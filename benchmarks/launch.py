"""
Runs one command on one core, and says what it and every process that it started cost.

    python -I launch.py CORE REPORT COMMAND…

REPORT is written at the end, as JSON: exit status, seconds of the clock, seconds of CPU, and the peak memory, in
bytes, of the largest process. The operating system counts them over finished children, so this waits for orphans too.
It is a small process of its own because a child's peak begins with the memory of the process that it was forked from.
SIGTERM is passed on. Stands alone: it imports nothing of the project.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Run as the command line says."""
    core, report, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    os.sched_setaffinity(0, {int(core)})
    began = time.monotonic()
    child = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    status = child.wait()
    seconds = time.monotonic() - began
    _wait_for_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = used.ru_utime + used.ru_stime
    said = {"status": status, "seconds": seconds, "cpu_seconds": cpu_seconds, "memory_bytes": used.ru_maxrss * 1024}
    Path(report).write_text(json.dumps(said))


def _wait_for_orphans() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


if __name__ == "__main__":
    main()
