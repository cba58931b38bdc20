"""
Runs the checks on every supported Python that this machine has, each in an environment of its own.

    python -m tests.pythons [--list] [--others]      (make pythons)

The newest runs `make test`, with a part of what that leaves to `make faults`; the others the tests alone, without those
that are marked `slow`. Which are supported is said in `pyproject.toml`; each patch version that is found is checked. A
version that is not on this machine is named and passed over; one that cannot make environments counts as not there.
With `--others` the Python that runs this is left out, unless it is the newest: `make test` has said of it what would be
said here. Tests that fail run once more, alone, and then decide. Ends with 1 where a check failed, and tells at the end
which Python it was.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
QUICK: Final = "-m 'not slow'"
WHOLE: Final = "-m 'not alone and not control'"
WAITING: Final = "PROCESSES=5"
"""What `make test` leaves to `make faults` waits more than it computes."""
SECONDS: Final = 20
"""In which a Python must have said which one it is."""
_ASKED: Final = "import ensurepip, sys, venv; print('%d.%d.%d' % sys.version_info[:3], sys.executable)"


@dataclass(frozen=True)
class Interpreter:
    """A Python on this machine: `version` has three numbers."""

    path: str
    version: str


def supported() -> list[str]:
    """Return the versions that pyproject.toml promises, newest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    return sorted(found, key=lambda version: int(version.partition(".")[2]), reverse=True)


def find(minor: str) -> Sequence[Interpreter]:
    """Return each Python of a version that can make environments, on the PATH, or of Debian or pyenv; newest first."""
    found = {one.version: one for one in map(_look_at, _candidates(minor)) if one}
    fitting = [one for version, one in found.items() if version.startswith(f"{minor}.")]
    return sorted(fitting, key=lambda one: int(one.version.rpartition(".")[2]), reverse=True)


def _candidates(minor: str) -> Iterator[str]:
    yield from filter(None, [shutil.which(f"python{minor}")])
    yield f"/usr/bin/python{minor}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from (str(path) for path in sorted(pyenv.glob(f"versions/{minor}.*/bin/python{minor}"), reverse=True))


def _look_at(path: str) -> Interpreter | None:
    try:
        said = subprocess.run([path, "-c", _ASKED], capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if said.returncode != 0:
        return None
    version, real_path = said.stdout.strip().split(" ", 1)
    return Interpreter(real_path, version)


def without_this_one(found: Sequence[Interpreter]) -> Sequence[Interpreter]:
    """Return those of which `make test` by this Python leaves something open. The newest stands first, and stays."""
    this = ".".join(map(str, sys.version_info[:3]))
    return [one for place, one in enumerate(found) if place == 0 or one.version != this]


def check(interpreter: Interpreter, *, is_newest: bool) -> bool:
    """Run the checks on one; return whether they passed."""
    environment = f".venv-{interpreter.version}"
    selected, faults = (WHOLE, "small") if is_newest else (QUICK, "")
    print(f"\n== Python {interpreter.version}: {'all tests' if is_newest else 'all but the slow tests'}", flush=True)
    target, *others = ["test", WAITING] if is_newest else ["passing"]
    here = [f"PYTHON={interpreter.path}", f"VENV={environment}"]

    def passes(*command: str) -> bool:
        run = subprocess.run(["make", *command, *here], cwd=ROOT, check=False, env={**os.environ, "FAULTS": faults})
        return run.returncode == 0

    if passes(target, f"SELECTED={selected}", *others):
        return True
    print(f"\n== Python {interpreter.version}: once more, alone, what failed beside others", flush=True)
    return passes("again")


def main(arguments: Sequence[str]) -> int:
    """Check them all; return the exit status."""
    found = {minor: find(minor) for minor in supported()}
    for minor, here in found.items():
        said = "; ".join(f"{one.version}, {one.path}" for one in here)
        print(f"Python {minor}: {said or 'not on this machine, SKIPPED'}", flush=True)
    there = [one for here in found.values() for one in here]
    if "--list" in arguments:
        return 0
    wanted = without_this_one(there) if "--others" in arguments else there
    failed = [one.version for one in wanted if not check(one, is_newest=one is there[0])]
    print(f"\n{len(wanted)} Pythons checked; failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
