"""
Processes that share duties, killed, frozen and woken, and their database killed: one writes at a time, and soon another
one does.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests import postgresql
from tests.cluster.process import STOPS
from tests.faults.altered import Protection, altered
from tests.sizes import FAULTS

NAMES = ("callbacks", "deliverer", "fan-out")
TTL = 4.0
"""Of leases, in seconds: a process that is late by half of it has lost its own."""
TAKEN_OVER = 2 * TTL + 5
AWAY_SECONDS = 17
"""Who tries again after 1, 2, 4, 8 and 16 s, without an end, comes late after that."""
ROUNDS = FAULTS.sized(4, 40)
SECONDS = 60.0

_DOING = "SELECT DISTINCT ON (duty) duty, epoch, pid FROM public.work WHERE kind = 'saved' ORDER BY duty, id DESC"
_WRITERS = "SELECT duty, epoch, count(DISTINCT pid) FROM public.work WHERE kind IN ('begun', 'saved') GROUP BY 1, 2"
_AFTER_A_NEWER = """
SELECT count(*) FROM (SELECT epoch, max(epoch) OVER (PARTITION BY duty ORDER BY id) AS newest FROM public.work
WHERE kind IN ('begun', 'saved')) AS written WHERE epoch < newest"""
_CALLED_AFTER_ANOTHER_BEGAN = """
SELECT mine.duty, mine.epoch, count(DISTINCT mine.id) FROM public.work AS mine JOIN public.work AS others USING (duty)
WHERE mine.kind = 'called' AND others.kind = 'begun' AND others.epoch > mine.epoch AND mine.id > others.id
GROUP BY 1, 2"""
_REFUSED = "SELECT count(*) FROM public.work WHERE kind = 'refused' AND pid = {}"


class Room:
    """Processes on one database."""

    def __init__(self, server: postgresql.Server, database: str, log: Path, stack: ExitStack) -> None:
        self.server = server
        self.ask: Callable[[str], list[tuple[Any, ...]]] = partial(server.ask, database=database)
        self._url = server.url(database)
        self._log = stack.enter_context(log.open("wb"))
        self._stack = stack
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        self.has_fence = True

    def start(self, *names: str) -> int:
        """Start another process that can do these duties."""
        command = [sys.executable, "-m", "tests.cluster.process", self._url, str(TTL), *(names or NAMES)]
        lacking = {} if self.has_fence else altered(TTL, Protection.FENCE)
        process = self._stack.enter_context(subprocess.Popen(command, stderr=self._log, env={**os.environ, **lacking}))
        self._stack.callback(process.kill)
        self.processes[process.pid] = process
        return process.pid

    def kill(self, pid: int) -> None:
        """End a process at once."""
        self.processes[pid].kill()
        self.processes.pop(pid).wait()

    def signal(self, pid: int, number: signal.Signals) -> None:
        """Freeze or wake a process."""
        self.processes[pid].send_signal(number)

    def epochs(self) -> Mapping[str, int]:
        """Return the epoch of what was saved last for each duty."""
        return {duty: epoch for duty, epoch, _ in self.ask(_DOING)}

    def doer_of(self, name: str) -> int:
        """Return the process that saved last for a duty."""
        return int(next(pid for duty, _, pid in self.ask(_DOING) if duty == name))

    def duties_of(self, pid: int) -> Collection[str]:
        """Return what a process did last."""
        return [duty for duty, _, doer in self.ask(_DOING) if doer == pid]

    def until_taken_over(self, names: Collection[str], since: Mapping[str, int]) -> float:
        """Return after how many seconds all of these are done in newer epochs."""
        return until(lambda: all(self.epochs().get(name, 0) > since.get(name, 0) for name in names))

    def check(self) -> None:
        """
        No epoch had two writers, nobody saved after a newer one, and nobody began a call once another had begun.

        The one call that a process was frozen amid, it ends when it is woken.
        """
        assert [row for row in self.ask(_WRITERS) if row[2] != 1] == []
        assert self.ask(_AFTER_A_NEWER) == [(0,)]
        assert [row for row in self.ask(_CALLED_AFTER_ANOTHER_BEGAN) if row[2] > 1] == []


def until(is_so: Callable[[], bool]) -> float:
    """Return after how many seconds it is so."""
    began_at = time.monotonic()
    while not is_so():
        assert time.monotonic() - began_at < SECONDS, "it never was"
        time.sleep(0.05)  # what it waits for is in a database
    return time.monotonic() - began_at


@pytest.fixture
def room(postgresql_server: postgresql.Server, cluster_database: str, tmp_path: Path) -> Iterator[Room]:
    """A room that is empty, and looked at in the end."""
    with ExitStack() as stack:
        made = Room(postgresql_server, cluster_database, tmp_path / "log", stack)
        yield made
        if made.has_fence:
            made.check()


@pytest.fixture
def three(room: Room) -> Room:
    """Three processes, and each duty is done by one of them."""
    for _ in range(3):
        room.start()
    room.until_taken_over(NAMES, since={})
    return room


@pytest.mark.faults
def test_what_a_killed_process_did_is_taken_over_in_time(three: Room) -> None:
    killed, before = three.doer_of("deliverer"), three.epochs()
    lost = three.duties_of(killed)
    three.kill(killed)
    assert three.until_taken_over(lost, since=before) < TAKEN_OVER


def test_a_frozen_process_saves_nothing_when_it_is_woken(three: Room) -> None:
    frozen, before = three.doer_of("deliverer"), three.epochs()
    lost = three.duties_of(frozen)
    three.signal(frozen, signal.SIGSTOP)
    ((refused,),) = three.ask(_REFUSED.format(frozen))  # on a machine with other things to do it was late before
    assert three.until_taken_over(lost, since=before) < TAKEN_OVER
    three.signal(frozen, signal.SIGCONT)
    until(lambda: three.ask(_REFUSED.format(frozen)) == [(refused + len(lost),)])


@pytest.mark.faults
def test_control_without_the_fence_a_frozen_process_saves_when_it_is_woken(room: Room) -> None:
    room.has_fence = False
    for _ in range(2):
        room.start()
    room.until_taken_over(NAMES, since={})
    frozen, before = room.doer_of("deliverer"), room.epochs()
    room.signal(frozen, signal.SIGSTOP)
    room.until_taken_over(room.duties_of(frozen), since=before)
    room.signal(frozen, signal.SIGCONT)
    until(lambda: room.ask(_AFTER_A_NEWER)[0][0] > 0)


@pytest.mark.faults
def test_a_process_that_is_frozen_amid_a_transaction_holds_up_nobody(room: Room) -> None:
    room.start(STOPS)
    room.start(STOPS)
    until(lambda: room.ask("SELECT 1 FROM public.work WHERE kind = 'called'") != [])
    ((frozen,),) = room.ask("SELECT pid FROM public.work WHERE kind = 'begun'")
    assert room.until_taken_over([STOPS], since={STOPS: 1}) < TAKEN_OVER
    room.signal(frozen, signal.SIGCONT)
    until(lambda: room.ask(_REFUSED.format(frozen)) == [(1,)])
    assert room.ask("SELECT count(*) FROM public.work WHERE epoch = 1 AND kind = 'saved'") == [(0,)]


@pytest.mark.faults
@pytest.mark.parametrize("seconds", [0, AWAY_SECONDS], ids=["a moment", "long"])
def test_duties_go_on_when_the_database_was_killed(three: Room, seconds: float) -> None:
    before = three.ask("SELECT max(id) FROM public.work")[0][0]
    three.server.kill()
    time.sleep(seconds)
    three.server.start()
    saved = f"SELECT count(DISTINCT duty) FROM public.work WHERE kind = 'saved' AND id > {before}"
    assert until(lambda: three.ask(saved) == [(len(NAMES),)]) < TAKEN_OVER


@pytest.mark.faults
def test_no_epoch_has_two_writers_whatever_is_killed_and_frozen(three: Room) -> None:
    chance = random.Random(22)
    for _ in range(ROUNDS):
        before, chosen = three.epochs(), chance.choice(sorted(three.processes))
        lost = three.duties_of(chosen)
        match chance.choice(["kill", "freeze", "doze", "database"]):
            case "kill":
                three.kill(chosen)
                three.start()
            case "freeze":
                three.signal(chosen, signal.SIGSTOP)
                three.until_taken_over(lost, since=before)
                three.signal(chosen, signal.SIGCONT)
            case "doze":
                three.signal(chosen, signal.SIGSTOP)
                time.sleep(chance.random() * TTL)
                three.signal(chosen, signal.SIGCONT)
            case _:
                three.server.kill()
                three.server.start()
        time.sleep(chance.random() * TTL)
    after = three.ask("SELECT max(id) FROM public.work")[0][0]
    saved = f"SELECT count(DISTINCT duty) FROM public.work WHERE kind = 'saved' AND id > {after}"
    assert until(lambda: three.ask(saved) == [(len(NAMES),)]) < TAKEN_OVER
