"""docs/deploy.md tells the truth: its commands, options, settings and checks exist, and its unit is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from watcher.cli.app import app
from watcher.core.findings import Check
from watcher.store.schemas import GRANTS

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "deploy").glob("*.service"))
SHOWN = "\n".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("deploy.md", "cluster.md"))
MOST_EXPOSURE = 2.0
"""As systemd-analyze counts it, from 0 to 10; 1.5 measured with version 257."""
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
CODE = "\n".join([*re.findall(r"```\w+\n(.*?)```", GUIDE, re.DOTALL), *re.findall(r"`([^`\n]+)`", GUIDE)])


def options() -> Iterator[tuple[str, str, str | None]]:
    """Yield command, option and environment variable."""
    for name, command in app.commands.items():
        for parameter in command.params:
            yield from ((name, option, str(parameter.envvar or "")) for option in parameter.opts)


def test_each_setting_exists() -> None:
    assert set(re.findall(r"WATCHER_[A-Z_]+", CODE)) - {variable for _, _, variable in options()} == set()


def test_each_command_takes_the_options_that_are_shown() -> None:
    known = {(command, option) for command, option, _ in options()}
    lines = re.findall(r"(?:^|/bin/|`|as_)watcher ([a-z]+)([^\n`]*)", CODE, re.MULTILINE)
    shown = {(command, option) for command, rest in lines for option in re.findall(r" (--[a-z-]+)", rest)}
    assert {"run", "serve", "doctor", "init"} <= {command for command, _ in lines} <= app.commands.keys()
    assert shown
    assert shown - known == set()


def test_each_check_of_the_doctor_is_explained_and_those_explained_exist() -> None:
    table = GUIDE.partition("| check | looks at |")[2].partition("\n\n")[0]
    first_cells = "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([a-z-]+)`", first_cells)) == {check.value for check in Check}


def test_the_grants_that_are_shown_are_those_that_errors_advise() -> None:
    assert "\n".join(f"{grant.replace('this role', 'server')};" for grant in GRANTS) in SHOWN


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", GUIDE))
def test_a_linked_file_is_there(link: str) -> None:
    assert (ROOT / "docs" / link).is_file()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_guides_show_a_unit_as_it_is(unit: Path) -> None:
    assert unit.read_text(encoding="utf-8") in re.findall(r"```systemd\n(.*?)```", SHOWN, re.DOTALL)


@needs_systemd
@pytest.mark.skipif(
    not (Path("/run/systemd").is_dir() or os.access("/run", os.W_OK)),
    reason="there is no /run/systemd, and it takes root to make it",
)
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_exposes_little(unit: Path, tmp_path: Path) -> None:
    file = tmp_path / _instance(unit)
    file.write_text(unit.read_text(encoding="utf-8"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSURE * 10:.0f}", file],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout if done.returncode else "") == (0, "")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_one(unit: Path, tmp_path: Path) -> None:
    file = tmp_path / _instance(unit)
    text = unit.read_text(encoding="utf-8")
    file.write_text(text.replace("/opt/watcher/.venv/bin/watcher", sys.executable), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    about_it = [line for line in done.stderr.splitlines() if file.name in line]
    assert about_it == []


def _instance(unit: Path) -> str:
    """Return the name of a unit, or of one that is made of a template."""
    return unit.name.replace("@.", "@8401.")
