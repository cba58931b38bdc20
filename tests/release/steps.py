"""What the steps of a release's check share: where things stand, and how a program is run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SECONDS: Final = 600
"""For one program at most; the longest is an installer that downloads."""
_SHOWN_LINES: Final = 25


class StepFailedError(Exception):
    """A step of the check found what must not be released."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """
    What is checked.

    Attributes:
        tools: the directory of the tools' commands.
        work: a directory for this run alone.
        out: what is released: sdist, wheel and SBOM.
    """

    tools: Path
    work: Path
    out: Path

    def tool(self, name: str) -> str:
        """Return the path of a tool's command."""
        return str(self.tools / name)

    @property
    def wheel(self) -> Path:
        """The wheel that was built."""
        return _only(self.out, "*.whl")

    @property
    def sdist(self) -> Path:
        """The source distribution that was built."""
        return _only(self.out, "*.tar.gz")


def run(line: Sequence[str | Path], *, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> str:
    """Return what a program said. Raises StepFailedError: it did not end well, or not in time."""
    said = [str(part) for part in line]
    try:
        done = subprocess.run(
            said,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise StepFailedError(f"{' '.join(said[:4])} … did not end within {SECONDS} s") from error
    if done.returncode != 0:
        last = "\n".join(done.stdout.splitlines()[-_SHOWN_LINES:])
        raise StepFailedError(f"{' '.join(said[:6])} ended with {done.returncode}:\n{last}")
    return done.stdout


def _only(directory: Path, pattern: str) -> Path:
    found = list(directory.glob(pattern))
    if len(found) != 1:
        raise StepFailedError(f"{directory} holds {len(found)} files {pattern}, not one")
    return found[0]
