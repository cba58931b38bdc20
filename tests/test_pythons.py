"""The versions of Python that are promised: said once, found on a machine, refused in one line."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests import pythons

MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
VERSION = f"{MINOR}.{sys.version_info.micro}"
README = (pythons.ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_those_that_are_supported() -> None:
    oldest, newest = pythons.supported()[-1], pythons.supported()[0]
    assert f"Python {oldest} to {newest}" in README


def test_this_one_is_supported_and_found() -> None:
    assert MINOR in pythons.supported()
    assert VERSION in [one.version for one in pythons.find(MINOR)]


def test_one_that_is_not_here_is_not_found() -> None:
    assert not pythons.find("3.2")


def test_one_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path) -> None:
    command = ["make", "--silent", "run", "PYTHON=python3.2", f"VENV={tmp_path}"]
    said = subprocess.run(command, cwd=pythons.ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert said.returncode != 0
    first, *others = (said.stdout + said.stderr).splitlines()
    assert "python3.2" in first
    assert all(re.match(r"make(\[\d\])?: \*\*\* ", line) for line in others)


def test_after_make_test_this_one_is_left_out_unless_it_is_the_newest() -> None:
    newest, this = pythons.Interpreter("/newest", "3.99.0"), pythons.Interpreter(sys.executable, VERSION)
    patch = pythons.Interpreter("/patch", f"{MINOR}.99")
    assert pythons.without_this_one([newest, patch, this]) == [newest, patch]
    assert pythons.without_this_one([this, patch]) == [this, patch]
