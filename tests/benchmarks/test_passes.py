from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from benchmarks.costs import Command, Cost, Running, run, running
from benchmarks.pages import Phase
from benchmarks.passes import Claim, Contender, checks_per_second, cpu_ms, measure_in_turns, ratios
from benchmarks.report import Bench, UnverifiedError
from benchmarks.serving import Counted, serving
from benchmarks.tools.tool import Said

SECONDS = 60


def a_cost(*, cpu: float, seconds: float = 1) -> Cost:
    return Cost(status=0, seconds=seconds, cpu_seconds=cpu, memory_bytes=1)


def python(directory: Path, code: str) -> Command:
    return Command(line=(sys.executable, "-c", code), directory=directory, environment={})


@dataclass(frozen=True)
class Idler:
    """A tool that says that all is well, and asks for nothing."""

    directory: Path
    name: ClassVar = "idler"
    settles_in: ClassVar[frozenset[Phase]] = frozenset()

    async def prepare(self) -> None: ...

    def one_pass(self) -> Command:
        return python(self.directory, "print('all is well')")

    def said(self, output: str) -> Said:  # noqa: ARG002
        return Said(changed=0, failed=0)


async def test_a_tool_that_asked_for_nothing_is_not_measured(tmp_path: Path) -> None:
    bench = Bench(workshop=tmp_path, is_quick=True, tell=lambda _: None)
    contender = Contender(tool=Idler(tmp_path), turns=1)
    async with serving() as site:
        with pytest.raises(UnverifiedError) as raised:
            await measure_in_turns(bench, site, [contender], 10)
    assert str(raised.value) == "idler, 304, 10 watches: 0 pages were asked for; it said: all is well"


@pytest.mark.parametrize(
    ("phase", "counted", "said", "problem"),
    [
        (Phase.NOT_MODIFIED, (9, 9), (0, 0), None),
        (Phase.NOT_MODIFIED, (9, 8), (0, 0), "8 answers were 304, not 9"),
        (Phase.SAME, (9, 0), (0, 0), None),
        (Phase.SAME, (10, 0), (0, 0), "10 pages were asked for"),
        (Phase.SAME, (9, 1), (0, 0), "1 answers were 304, not 0"),
        (Phase.PARSED, (9, 0), (1, 0), "by its own account 1 watches changed, not 0"),
        (Phase.PARSED, (9, 0), (0, 2), "by its own account 2 watches failed"),
        (Phase.CHANGED, (9, 0), (9, 0), None),
        (Phase.CHANGED, (9, 0), (8, 0), "by its own account 8 watches changed, not 9"),
    ],
)
def test_a_pass_is_believed_when_site_and_tool_agree(
    phase: Phase, counted: tuple[int, int], said: tuple[int, int], problem: str | None
) -> None:
    claim = Claim(name="a tool", phase=phase, watches=9, is_answered_304=phase is Phase.NOT_MODIFIED)
    asked = Counted(requests=counted[0], not_modified=counted[1])
    assert claim.problem(asked, Said(changed=said[0], failed=said[1])) == problem


def test_ratios_are_of_turns_side_by_side() -> None:
    ours = [a_cost(cpu=1), a_cost(cpu=2), a_cost(cpu=1)]
    theirs = [a_cost(cpu=5), a_cost(cpu=8)]
    assert ratios(ours, theirs) == [4, 5]


def test_a_check_costs_the_median_of_the_passes_by_its_watches() -> None:
    passes = [a_cost(cpu=1), a_cost(cpu=9), a_cost(cpu=2)]
    assert cpu_ms(passes, 1_000) == 2


def test_the_rate_is_by_the_clock() -> None:
    assert checks_per_second([a_cost(cpu=9, seconds=4)], 200) == 50


BURN = "import time\nwhile time.process_time() < {}: pass\n"


async def test_a_command_is_charged_with_its_children_and_with_their_orphans(tmp_path: Path) -> None:
    grandchild = BURN.format(0.3)
    child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {grandchild!r}])"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    cost = await run(python(tmp_path, code), limit_seconds=SECONDS)
    assert cost.status == 0
    assert cost.cpu_seconds >= 0.3


async def test_the_peak_memory_is_the_commands_own(tmp_path: Path) -> None:
    small = await run(python(tmp_path, "pass"), limit_seconds=SECONDS)
    big = await run(python(tmp_path, "x = bytearray(64_000_000)"), limit_seconds=SECONDS)
    # Of 64 MB, some of which Python has taken in any case.
    assert 55_000_000 < big.memory_bytes - small.memory_bytes < 70_000_000
    # This process has imported all that the tests use, which is twice as much and more.
    assert small.memory_bytes < 40_000_000


async def test_a_command_that_does_not_end_is_killed_and_named(tmp_path: Path) -> None:
    endless = python(tmp_path, "import time; time.sleep(1000)")
    with pytest.raises(UnverifiedError, match="was not done after 1 s"):
        await run(endless, limit_seconds=1)


UNTIL_TOLD = "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit({}))\n"


async def test_what_runs_is_charged_while_it_does(tmp_path: Path) -> None:
    code = f"{UNTIL_TOLD.format(0)}{BURN.format(0.3)}print('done', flush=True); time.sleep(1000)"
    async with running(python(tmp_path, code), limit_seconds=SECONDS) as process:
        await until_it_speaks(process)
        assert process.cpu_seconds() >= 0.25
        assert process.memory_bytes() > 5_000_000


async def test_what_runs_has_to_end_well(tmp_path: Path) -> None:
    code = f"{UNTIL_TOLD.format(3)}print('ready', flush=True); import time; time.sleep(1000)"
    with pytest.raises(UnverifiedError, match="ended with status 3; it said: ready"):
        async with running(python(tmp_path, code), limit_seconds=SECONDS) as process:
            await until_it_speaks(process)


async def test_what_ends_while_something_else_is_awaited_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnverifiedError, match="ended too early; it said: no room"):
        async with running(python(tmp_path, "import sys; sys.exit('no room')"), limit_seconds=SECONDS) as process:
            await process.during(asyncio.sleep(SECONDS))


async def until_it_speaks(process: Running) -> None:
    async with asyncio.timeout(SECONDS):
        while not process.command.output.read_text():  # noqa: ASYNC110 another process writes
            await asyncio.sleep(0.02)
