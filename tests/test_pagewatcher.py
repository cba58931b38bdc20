"""The entry of the command runs this distribution's package alone, and the package's data is what PyPI takes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import watcher
from watcher.cli.app import app
from watcher.config import parse

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = [
    Requirement(line) for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line
]
PAGE = (ROOT / PROJECT["readme"]).read_text(encoding="utf-8")
STRANGERS = "def main():\n    print('a file changed')\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where the entry and a package are installed; the package says that it runs."""
    shutil.copy(ROOT / "pagewatcher.py", tmp_path)
    package = tmp_path / "watcher"
    package.mkdir()
    shutil.copy(ROOT / "watcher" / "__init__.py", package)
    (package / "__main__.py").write_text("def main():\n    print('ours runs')\n")
    return tmp_path


def start(*path: Path) -> tuple[int, str]:
    """Start the command as its script does; return how it ended and what it said."""
    line = [sys.executable, "-PS", "-c", "import sys; from pagewatcher import main; sys.exit(main())"]
    around = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    said = subprocess.run(line, env=around, cwd=path[-1], capture_output=True, text=True, timeout=30, check=False)
    return said.returncode, said.stdout + said.stderr


def a_stranger(directory: Path) -> Path:
    """Return a directory that holds another distribution's `watcher`."""
    package = directory / "earlier" / "watcher"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(STRANGERS)
    return package.parent


def test_its_own_package_is_run(site: Path) -> None:
    assert start(site) == (0, "ours runs\n")


def test_a_strangers_package_that_is_found_first_is_refused_in_one_line(site: Path) -> None:
    stranger = a_stranger(site)
    status, said = start(stranger, site)
    assert status == 2
    found = stranger / "watcher" / "__init__.py"
    assert said == (
        f"watcher: Python finds another `watcher` first, at {found}; install pagewatcher into an environment of its "
        "own: `uv tool install pagewatcher`, or `pipx install` it\n"
    )


def test_a_package_that_a_stranger_has_overwritten_is_refused_in_one_line(site: Path) -> None:
    (site / "watcher" / "__init__.py").write_text(STRANGERS)
    status, said = start(site)
    assert status == 2
    assert said.startswith(f"watcher: another distribution has overwritten {site / 'watcher' / '__init__.py'}; install")
    assert said.count("\n") == 1


def test_a_package_that_is_gone_is_told_in_one_line(site: Path) -> None:
    shutil.rmtree(site / "watcher")
    status, said = start(site)
    assert (status, said.count("\n")) == (2, 1)
    assert said.startswith("watcher: the package `watcher` is missing beside ")


def test_the_package_knows_the_name_of_its_distribution() -> None:
    assert PROJECT["name"] == watcher.__distribution__
    assert set(PROJECT["scripts"].values()) == {f"{PROJECT['name']}:main"}


def needed(requirement: Requirement) -> Iterator[str]:
    """Yield what a requirement brings here."""
    if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
        yield canonicalize_name(requirement.name)
        for text in requires(requirement.name) or ():
            yield from needed(Requirement(text))


def test_the_extra_pinned_names_each_dependency_as_the_tests_have_it() -> None:
    pinned = [Requirement(text) for text in PROJECT["optional-dependencies"]["pinned"]]
    pins = {(each.name, each.specifier) for each in PINS}
    assert [each for each in pinned if (each.name, each.specifier) not in pins] == []
    here = {canonicalize_name(each.name) for each in pinned if each.marker is None or each.marker.evaluate()}
    asked = {name for text in PROJECT["dependencies"] for name in needed(Requirement(text))}
    assert asked <= here
    assert here - asked <= {"typing-extensions"}, "needed by other Pythons"


@pytest.mark.parametrize(
    ("python", "version"), [("3.11.2", "2.10"), ("3.11.4", "2.10"), ("3.11.5", "4.1.3"), ("3.13.0", "4.1.3")]
)
def test_each_python_that_is_promised_has_a_soupsieve_that_it_can_install(python: str, version: str) -> None:
    dependencies = [Requirement(text) for text in PROJECT["dependencies"]]
    pinned = [Requirement(text) for text in PROJECT["optional-dependencies"]["pinned"]]
    for requirements in (dependencies, pinned, PINS):
        (found,) = [
            each
            for each in requirements
            if each.name == "soupsieve"
            and (each.marker is None or each.marker.evaluate({"python_full_version": python}))
        ]
        assert version in found.specifier


def test_the_page_on_pypi_links_to_nothing_that_is_not_there() -> None:
    assert re.findall(r"\]\((?!https://)[^)]*\)|<img", PAGE) == []


def test_the_page_on_pypi_shows_what_works() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert parse(example, file="pypi.md", environ={}).watches
    assert set(re.findall(r"(?:^|`)watcher ([a-z]+)", PAGE, re.MULTILINE)) <= app.commands.keys()
    extras = {name for names in re.findall(r"pagewatcher\[([a-z,]+)\]", PAGE) for name in names.split(",")}
    assert extras <= PROJECT["optional-dependencies"].keys()
    oldest, newest = (re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))[at] for at in (0, -1))
    assert f"Python {oldest} to {newest}" in PAGE
