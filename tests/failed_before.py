"""
Runs the tests that a commit says it mends on the commit before it, and sees each of them fail.

A commit that mends something names its tests in trailers, one a line:

    Failed-before: tests/push/test_ids.py::test_ids_cannot_be_guessed

Here each gets a checkout of its parent with its own `tests/` laid over it, and the named tests run there. What they
import and the parent lacks is a placeholder (`tests/absent.py`), so that they fail by what they see where they can.
One that passes had nothing to find, and is an error. A test with parameters fails when one of them does, for some are
controls.

    python -m tests.failed_before BASE [HEAD]

prints a row of a Markdown table for each test, and ends with 1 where one did not fail.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

TRAILER = "Failed-before"
PLUGIN = Path(__file__).with_name("absent.py")
SECONDS = 900
SHOWN = 110


@dataclass(frozen=True)
class Mended:
    """A commit and the tests that fail without it."""

    commit: str
    tests: Sequence[str]


@dataclass(frozen=True)
class Seen:
    """How a test ended on the commit before; `how` is the first line of what it said."""

    test: str
    has_failed: bool
    how: str


def git(*arguments: str) -> str:
    """Return what git prints."""
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def mended(base: str, head: str) -> Iterator[Mended]:
    """Yield the commits after `base` that name tests, oldest first."""
    for commit in git("rev-list", "--reverse", "--no-merges", f"{base}..{head}").split():
        trailers = git("show", "--no-patch", f"--format=%(trailers:key={TRAILER},valueonly)", commit)
        if tests := trailers.split():
            yield Mended(commit, tests)


@contextmanager
def parent_with_tests_of(commit: str) -> Iterator[Path]:
    """Check out a commit's parent, with the commit's own tests."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made) / "checkout"
        git("worktree", "add", "--quiet", "--detach", str(place), f"{commit}^")
        try:
            git("-C", str(place), "checkout", "--quiet", commit, "--", "tests")
            shutil.copy(PLUGIN, place / "tests")
            yield place
        finally:
            git("worktree", "remove", "--force", str(place))


def run_by_module(place: Path, tests: Sequence[str]) -> Iterator[Seen]:
    """Run tests in a checkout, of each module by themselves: one that cannot be collected stops no other."""
    for _, module in groupby(sorted(tests), key=lambda test: test.partition("::")[0]):
        yield from run(place, list(module))


def run(place: Path, tests: Sequence[str]) -> Iterator[Seen]:
    """Run tests in a checkout; yield how each ended."""
    report = place.parent / "report.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.absent",
        "-n0",
        f"--junitxml={report}",
        *tests,
    ]
    said = subprocess.run(
        command,
        cwd=place,
        env={"FAULTS": "full", **os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    for test in tests:
        failures = [one for case in cases if _is(case, test) for one in case if one.tag in ("failure", "error")]
        if failures:
            yield Seen(test, True, _first_line(failures[0].get("message") or failures[0].text or ""))
        elif re.search(r"(?m)^ERROR ", said.stdout) and not any(_is(case, test) for case in cases):
            yield Seen(test, True, "cannot be collected: " + _collection_error(said.stdout))
        else:
            yield Seen(test, False, f"passed, or was not there (pytest ended with {said.returncode})")


def _is(case: ElementTree.Element, test: str) -> bool:
    module, _, name = test.partition("::")
    dotted = module.removesuffix(".py").replace("/", ".")
    function = _without_parameters(name.replace("::", "."))
    found = f"{case.get('classname')}.{_without_parameters(case.get('name') or '')}"
    return found == f"{dotted}.{function}"


def _without_parameters(name: str) -> str:
    return name.partition("[")[0]


def _first_line(text: str) -> str:
    return " ".join(text.split())[:SHOWN].replace("|", "\\|")


def _collection_error(out: str) -> str:
    errors = re.findall(r"(?m)^E\s+(\S.*)$", out)
    return _first_line(errors[0] if errors else "")


def main(arguments: Sequence[str]) -> int:
    """Print the table; return 1 where a test did not fail."""
    base, head = arguments if len(arguments) == 2 else (arguments[0], "HEAD")
    print("| commit | test | on the commit before |\n|---|---|---|")
    are_all_failed = True
    for one in mended(base, head):
        with parent_with_tests_of(one.commit) as place:
            for seen in run_by_module(place, one.tests):
                are_all_failed &= seen.has_failed
                row = f"| {one.commit[:9]} | `{seen.test.removeprefix('tests/')}` | {seen.how} |"
                print(row if seen.has_failed else f"{row} **did not fail**", flush=True)
    return 0 if are_all_failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
