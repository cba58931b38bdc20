"""
Plants a defect in a checkout and runs the tests that reach it, nearest first, until one fails.

A test that fails counts when it fails a second time: some fail by chance. Tests that had failed without a defect are
not asked. Where a test does not end, the defect is found as well.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final, Literal

import msgspec
import pytest

from tests.mutants.checkout import Checkout
from tests.mutants.defects import Defect, DefectGoneError
from tests.mutants.recording import Recording, key_of

State = Literal["found", "not found", "gone", "not reached"]
_LEAST_SECONDS: Final = 180.0
_TIMES: Final = 5
"""How much longer than in the recording tests may take: others use the machine."""
_NOTHING_FAILED: Final = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a defect."""

    file: str
    line: int
    kind: str
    before: str
    state: State
    by: str = ""
    """The test that found it."""
    asked: int = 0
    """How many tests reach it."""
    seconds: float = 0


def judge(checkout: Checkout, defect: Defect, recording: Recording) -> Verdict:
    """Say whether a test finds a defect; the checkout is as it was afterwards."""
    path = checkout.root / defect.file
    begin, source = time.monotonic(), path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        line, planted = defect.line_in(source), defect.planted_in(source)
    except DefectGoneError:
        return Verdict(file=defect.file, line=0, kind=defect.kind, before=defect.before, state="gone")
    tests = nearest_first(defect.file, recording.reached.get(key_of(defect), ()))
    state: State = "not reached"
    by = ""
    if tests:
        path.write_text(planted, encoding="utf-8")
        try:
            by = _first_to_fail(checkout, tests, recording)
        finally:
            path.write_text(source, encoding="utf-8")
        state = "found" if by else "not found"
    return Verdict(
        file=defect.file,
        line=line,
        kind=defect.kind,
        before=defect.before,
        state=state,
        by=by,
        asked=len(tests),
        seconds=round(time.monotonic() - begin, 1),
    )


def nearest_first(file: str, tests: Sequence[str]) -> Sequence[str]:
    """Return tests in the order in which they are asked: of the module of that name, its folder, its room, others."""
    module = PurePosixPath(file).with_suffix("").parts[1:]

    def distance(test: str) -> tuple[int, str]:
        place = PurePosixPath(test.partition("::")[0]).with_suffix("").parts[1:]
        its = (*place[:-1], place[-1].removeprefix("test_"))
        same = next((number for number, pair in enumerate(zip(its, module, strict=False)) if pair[0] != pair[1]), 99)
        return -same, "::".join(place)

    return sorted(tests, key=distance)


def _first_to_fail(checkout: Checkout, tests: Sequence[str], recording: Recording) -> str:
    """Return a test that fails each time, or what else shows that something is wrong; nothing: they pass."""
    left = list(tests)
    while left:
        failed = _run(checkout, left, recording)
        if failed not in left or _run(checkout, [failed], recording):
            return failed
        left.remove(failed)
    return ""


def _run(checkout: Checkout, tests: Sequence[str], recording: Recording) -> str:
    wanted = checkout.root.parent / "wanted"
    failed = Path(f"{wanted}.failed")
    failed.unlink(missing_ok=True)
    wanted.write_text("\n".join(tests), encoding="utf-8")
    modules = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    limit = _LEAST_SECONDS + _TIMES * sum(recording.seconds[test] for test in tests)
    status = checkout.pytest("-x", *modules, seconds=limit, MUTANTS_WANTED=str(wanted))
    if failed.exists():
        return failed.read_text(encoding="utf-8").splitlines()[0]
    if status is None:
        return f"the time: over {limit:.0f} s"
    return "" if status in _NOTHING_FAILED else f"pytest: it ended with {status}"
