"""
A checkout of a commit, with an environment of its own: whatever a test starts runs the source of that checkout.

The environment has the libraries of the one that runs this, and puts the checkout before them; a variable such as
PYTHONPATH would not be enough, because some tests start commands without it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.failed_before import git

PLUGIN: Final = Path(__file__).with_name("mutants_plugin.py")
_END_SECONDS: Final = 20


@dataclass(frozen=True)
class Checkout:
    """Where the source is."""

    root: Path

    def pytest(self, *arguments: str, seconds: float | None = None, **variables: str) -> int | None:
        """Run pytest as `make test` does; return its exit status. None: it took longer, and was ended."""
        command = [*self._python, "-m", "pytest", "-p", "no:cacheprovider", "-p", PLUGIN.stem, *arguments]
        environment = {name: value for name, value in os.environ.items() if name not in ("FAULTS", "FIGURES", "BENCH")}
        with (self.root.parent / "said").open("wb") as said:
            process = subprocess.Popen(
                command, cwd=self.root, env=environment | variables, stdout=said, stderr=said, start_new_session=True
            )
            try:
                return process.wait(seconds)
            except subprocess.TimeoutExpired:
                return None
            finally:
                _end(process)

    @property
    def _python(self) -> Sequence[str]:
        return (str(self.root / ".venv" / "bin" / "python"),)


@contextmanager
def checkout_of(commit: str) -> Iterator[Checkout]:
    """Check a commit out while the context lasts."""
    with tempfile.TemporaryDirectory(prefix="watcher-mutants-") as made:
        os.chmod(made, 0o755)  # servers of some tests run as another user
        root = Path(made) / "checkout"
        git("worktree", "add", "--quiet", "--detach", str(root), commit)
        try:
            _make_environment(root)
            shutil.copy(PLUGIN, root)
            yield Checkout(root)
        finally:
            git("worktree", "remove", "--force", str(root))


def _make_environment(root: Path) -> None:
    place = root / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    libraries = sysconfig.get_path("purelib")
    own = sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)})
    Path(own, "checkout.pth").write_text(f"{root}\n{libraries}\n", encoding="utf-8")
    for script in Path(sysconfig.get_path("scripts")).iterdir():
        if script.is_file() and script.read_bytes().startswith(f"#!{sys.prefix}".encode()):
            copy = place / "bin" / script.name
            copy.write_bytes(script.read_bytes().replace(sys.prefix.encode(), bytes(place), 1))
            copy.chmod(0o755)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End whatever it left, the servers of the tests among it."""
    if process.poll() is None:
        os.killpg(process.pid, 15)
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
