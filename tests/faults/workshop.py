"""
A process that forks drivers: python and its imports are paid for once, not for every fault.

    python -m tests.faults.workshop

Jobs come as pickles on the standard input, one after the other, and their reports go to the standard output.
This process has no threads when it forks, and supervises the driver through the gate while it runs.
"""

from __future__ import annotations

import errno
import gc
import os
import pickle
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Final

from tests.faults.driver import run
from tests.faults.gate import Call, Gate, die_with_parent, enter, receive
from tests.faults.jobs import ILL_SECONDS, LENGTH, SECONDS, Event, Failure, Job, Kill, Report, packed

_SENDS: Final = frozenset({"sendto", "sendmsg"})
_OPENS: Final = frozenset({"openat"})
_CREATES: Final = os.O_CREAT | os.O_WRONLY | os.O_RDWR


def main() -> None:
    """Take jobs until there are no more; the first is done here."""
    work, answers = sys.stdin.buffer, sys.stdout.buffer
    first = next(_jobs(work))
    status, text = run(first.errand)
    _answer(answers, Report(status=status, text=text))
    for thread in set(threading.enumerate()) - {threading.main_thread()}:
        thread.join(SECONDS)
    gc.collect()
    gc.freeze()  # so that a child's collector does not touch, and copy, the parent's pages
    for job in _jobs(work):
        _answer(answers, _fork(job))


def _jobs(work: IO[bytes]) -> Iterator[Job]:
    while head := work.read(LENGTH.size):
        yield pickle.loads(work.read(LENGTH.unpack(head)[0]))


def _answer(answers: IO[bytes], report: Report) -> None:
    answers.write(packed(report))
    answers.flush()


def _fork(job: Job) -> Report:
    ours, theirs = socket.socketpair()
    words, mouth = os.pipe()
    with closing(ours), open(words, "rb") as said:
        if (pid := os.fork()) == 0:
            os._exit(_child(job, theirs, mouth))
        theirs.close()
        os.close(mouth)
        report = Report()
        with _killed_after(pid, SECONDS):
            if job.has_gate:
                with closing(receive(ours)) as gate:
                    _Porter(job, pid, report).watch(gate)
            _, status = os.waitpid(pid, 0)
        report.status = os.waitstatus_to_exitcode(status)
        report.text = said.read().decode()
    return report


def _child(job: Job, supervisor: socket.socket, mouth: int) -> int:
    gc.disable()
    die_with_parent()
    if job.has_gate:
        enter(supervisor)
    status, text = run(job.errand)
    os.write(mouth, text.encode()[:60_000])
    return status


@contextmanager
def _killed_after(pid: int, seconds: float) -> Iterator[None]:
    def kill(*_: object) -> None:
        os.kill(pid, signal.SIGABRT)

    signal.signal(signal.SIGALRM, kill)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class _Porter:
    """Stands at the gate for one job."""

    def __init__(self, job: Job, pid: int, report: Report) -> None:
        self._job = job
        self._pid = pid
        self._report = report
        self._refusals = 0
        self._well_at = 0.0

    def watch(self, gate: Gate) -> None:
        """Decide about each call until the process has ended."""
        for call in gate.calls():
            if not self._concerns_us(call):
                gate.let(call)
                continue
            self._report.counts[call.name] += 1
            match self._job.fault:
                case Kill() as kill if self._is_at(kill, call):
                    self._report.was_struck = True
                    os.kill(self._pid, signal.SIGKILL)
                    continue
                case Failure() as failure if self._refuses(failure, call):
                    self._report.was_struck = True
                    gate.fail(call, failure.errno)
                    continue
            if self._job.is_recorded:
                self._report.events.append(_event(call))
            gate.let(call)

    def _concerns_us(self, call: Call) -> bool:
        if call.name in _SENDS:
            # One byte: a thread wakes the loop.
            return call.arguments[2] != 1
        errand = self._job.errand
        if call.name in _OPENS and not call.arguments[2] & _CREATES:
            return False
        if call.path == str(errand.notes):
            return self._job.is_recorded
        return call.path.startswith(str(errand.data))

    def _is_at(self, fault: Kill | Failure, call: Call) -> bool:
        return call.name == fault.call and self._report.counts[call.name] == fault.ordinal

    def _refuses(self, failure: Failure, call: Call) -> bool:
        if self._refusals:
            is_ill = self._refusals < failure.times and time.monotonic() < self._well_at
            refused = is_ill and call.name not in _SENDS and _is_hurt(call, failure)
        else:
            refused = self._is_at(failure, call)
            self._well_at = time.monotonic() + ILL_SECONDS
        self._refusals += refused
        return refused


def _is_hurt(call: Call, failure: Failure) -> bool:
    """Return whether a disk that refuses the one call refuses this one: a full disk lets files shrink and go."""
    if failure.errno == errno.ENOSPC:
        return call.name in {"write", "writev", "pwrite64", "openat"}
    return True


def _event(call: Call) -> Event:
    match call.name:
        case "write":
            return Event(call=call.name, path=call.path, offset=_position(call), data=call.payload())
        case "pwrite64":
            return Event(call=call.name, path=call.path, offset=call.arguments[3], data=call.payload())
        case "ftruncate":
            return Event(call=call.name, path=call.path, offset=call.arguments[1])
        case "rename":
            return Event(call=call.name, path=call.path, data=call.text(1).encode())
        case "openat":
            return Event(call=call.name, path=call.path, offset=int(bool(call.arguments[2] & os.O_TRUNC)))
        case _:
            return Event(call=call.name, path=call.path)


def _position(call: Call) -> int:
    text = Path(f"/proc/{call.thread}/fdinfo/{call.arguments[0]}").read_text()
    return int(text.split()[1])


if __name__ == "__main__":
    main()
