"""
A gate before the system calls of a process that write, sync, remove or send: each waits until it is let through.

Linux' seccomp hands the calls to a supervisor (seccomp_unotify(2)), which lets each go on, lets it fail, or kills the
process before it is done. All threads come through one gate, so the calls have one order. strace can inject the same,
but counts for each thread alone, and costs ten times as much.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_NUMBERS: Final = {
    "x86_64": {
        "write": 1,
        "pwrite64": 18,
        "writev": 20,
        "sendto": 44,
        "sendmsg": 46,
        "fsync": 74,
        "fdatasync": 75,
        "ftruncate": 77,
        "rename": 82,
        "unlink": 87,
        "openat": 257,
    },
    "aarch64": {
        "write": 64,
        "pwrite64": 68,
        "writev": 66,
        "sendto": 206,
        "sendmsg": 211,
        "fsync": 82,
        "fdatasync": 83,
        "ftruncate": 46,
        "openat": 56,
    },
}
"""From the kernel's tables. aarch64 has no rename and unlink but with a directory; nothing here needs them there."""
_AT_A_PATH: Final = {"rename": 0, "unlink": 0, "openat": 1}
"""Which argument is the path; all others have a descriptor first."""
_AN_INT: Final = 2**32

# linux/seccomp.h, linux/filter.h, linux/prctl.h
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_SET_MODE_FILTER: Final = 1
_NEW_LISTENER: Final = 8
_LOAD_NUMBER: Final = (0x20, 0, 0, 0)
_JUMP_IF_EQUAL: Final = 0x15
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_ASK: Final = 0x7FC00000
_NOTICE: Final = struct.Struct("QIIiIQ6Q")
_ANSWER: Final = struct.Struct("QqiI")
_GO_ON: Final = 1
_RECEIVE: Final = 3 << 30 | _NOTICE.size << 16 | ord("!") << 8
_SEND: Final = 3 << 30 | _ANSWER.size << 16 | ord("!") << 8 | 1


@dataclass(frozen=True)
class Call:
    """
    A system call that waits at the gate.

    Attributes:
        name: `pwrite64`.
        thread: its id.
        arguments: six numbers, as the kernel gets them.
    """

    name: str
    thread: int
    arguments: tuple[int, ...]
    id: int

    @cached_property
    def path(self) -> str:
        """What it is about: a file's path, or `socket:[123]`."""
        if (place := _AT_A_PATH.get(self.name)) is not None:
            return self.text(place)
        with suppress(OSError):
            return os.readlink(f"/proc/{self.thread}/fd/{self.arguments[0] % _AN_INT}")
        return ""

    def text(self, place: int) -> str:
        """Return the string that an argument points to."""
        return self._memory(self.arguments[place], 4096).partition(b"\0")[0].decode(errors="replace")

    def payload(self) -> bytes:
        """Return what a `write`, `pwrite64` or `sendto` carries."""
        return self._memory(self.arguments[1], self.arguments[2])

    def _memory(self, address: int, length: int) -> bytes:
        with open(f"/proc/{self.thread}/mem", "rb", buffering=0) as memory:
            memory.seek(address)
            return memory.read(length)


class Gate:
    """What a supervisor holds of the gate that a process went through `enter` to."""

    def __init__(self, listener: int) -> None:
        self._listener = listener
        self._names = {number: name for name, number in _numbers().items()}

    def calls(self) -> Iterator[Call]:
        """Yield each call, which then waits for `let` or `fail`, until the process has ended."""
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        while poll.poll()[0][1] & select.POLLIN:
            notice = bytearray(_NOTICE.size)
            try:
                fcntl.ioctl(self._listener, _RECEIVE, notice)
            except OSError as error:
                if error.errno in (errno.ENOENT, errno.EINTR):  # the one who called was killed
                    continue
                raise
            id_, thread, _, number, _, _, *arguments = _NOTICE.unpack(notice)
            yield Call(name=self._names[number], thread=thread, arguments=tuple(arguments), id=id_)

    def let(self, call: Call) -> None:
        """Let a call go on."""
        self._answer(call, 0, _GO_ON)

    def fail(self, call: Call, number: int) -> None:
        """Let a call fail with this errno; it is not done."""
        self._answer(call, -number, 0)

    def _answer(self, call: Call, error: int, flags: int) -> None:
        with suppress(FileNotFoundError):  # the one who called was killed
            fcntl.ioctl(self._listener, _SEND, bytearray(_ANSWER.pack(call.id, 0, error, flags)))

    def close(self) -> None:
        """Let go; a call that waits fails with ENOSYS."""
        os.close(self._listener)


def why_not() -> str | None:
    """Return why there can be no gate here; None when there can. Tried in a process of its own: it is for good."""
    if platform.machine() not in _SECCOMP:
        return f"system calls are not known by number on {platform.machine()}"
    tried = subprocess.run([sys.executable, "-m", __name__], check=False, capture_output=True, text=True)
    return None if tried.returncode == 0 else f"seccomp is not to be had here: {tried.stderr.strip()[-200:]}"


def enter(supervisor: socket.socket) -> None:
    """
    Put this thread, and those that it will start, behind a gate, whose listener goes over the socket.

    Raises OSError: the kernel has no such thing, or does not let us.
    """
    listeners: list[int] = []
    is_made = threading.Event()

    def hand_over() -> None:
        is_made.wait()
        socket.send_fds(supervisor, [b"gate"], listeners)

    # A thread that began before stays outside: handing over is a send, which nobody would let through yet.
    porter = threading.Thread(target=hand_over, daemon=True)
    porter.start()
    listeners.append(_install(list(_numbers().values())))
    is_made.set()
    porter.join()
    os.close(listeners[0])


def die_with_parent() -> None:
    """Let the kernel kill this process when the one that forked it ends: nobody would be at the gate."""
    _kernel().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def receive(process: socket.socket) -> Gate:
    """Return the gate that the process at the other end has entered."""
    _, listeners, _, _ = socket.recv_fds(process, 4, 1)
    return Gate(listeners[0])


def _numbers() -> dict[str, int]:
    return _NUMBERS[platform.machine()]


def _kernel() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _install(numbers: list[int]) -> int:
    questions = [(_JUMP_IF_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    program = [_LOAD_NUMBER, *questions, (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ASK)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    head = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    kernel = _kernel()
    if kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    listener: int = kernel.syscall(_SECCOMP[platform.machine()], _SET_MODE_FILTER, _NEW_LISTENER, head)
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return listener


if __name__ == "__main__":
    nobody, supervisor = socket.socketpair()
    enter(supervisor)
    os._exit(0)  # a proper end would write, and nobody is at the gate
