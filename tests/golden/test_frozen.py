"""What is frozen is as it was; `python -m tests.golden` writes it anew, when a change is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.golden import FILES
from tests.golden.parts import CLUSTER_PARTS, PARTS


def test_every_file_belongs_to_a_part() -> None:
    assert {path.name.partition(".")[0] for path in FILES.iterdir()} == PARTS.keys() | CLUSTER_PARTS.keys()


_COSTLY = ("kept", "outputs")
"""Ten seconds of commands, and three of what is kept over years."""


@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=[pytest.mark.faults] if part in _COSTLY else []) for part in PARTS]
)
async def test_it_is_as_it_was(part: str, tmp_path: Path) -> None:
    _require_as_frozen(part, await PARTS[part](tmp_path))


@pytest.mark.parametrize("part", CLUSTER_PARTS)
async def test_over_a_postgresql_it_is_as_it_was(part: str, tmp_path: Path, postgresql_url: str) -> None:
    _require_as_frozen(part, await CLUSTER_PARTS[part](tmp_path, postgresql_url))


def _require_as_frozen(part: str, made: Mapping[str, str]) -> None:
    frozen = {path.name: path.read_text(encoding="utf-8") for path in FILES.glob(f"{part}.*")}
    assert made.keys() == frozen.keys()
    difference = [
        line
        for name, text in made.items()
        for line in unified_diff(frozen[name].splitlines(), text.splitlines(), name, f"{name}, now", lineterm="", n=1)
    ]
    assert not difference, "\n".join(["not as it was frozen:", *difference])


NEEDS_DATABASES = {"watcher database copy"}
"""What it prints is looked at where there are two: `tests/cli/test_database_copy.py`."""


def test_each_command_that_prints_json_has_been_asked_for_it() -> None:
    blocks = re.split(r"\n(?=watcher)", (FILES / "commands.txt").read_text(encoding="utf-8"))
    outputs = "".join((FILES / file).read_text(encoding="utf-8") for file in ("outputs.txt", "cluster.txt"))
    asked = re.findall(r"^(watcher .*) --json$", outputs, re.MULTILINE)
    for block in blocks:
        if "\n  --json" in block:
            command = block.partition("\n")[0].removesuffix(" list")  # as the noun alone
            assert command in NEEDS_DATABASES or any(each.startswith(command) for each in asked), command
