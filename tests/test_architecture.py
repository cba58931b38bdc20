"""The pages about the architecture and reliability and CONTRIBUTING tell the truth: files and tests they name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
RELIABILITY = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
RECIPES = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILES = sorted(set(re.findall(r"`([a-z_0-9]+(?:/[a-z_0-9]+)*(?:\.(?:py|toml|md)|/))`", PAGE + RECIPES)))
"""A folder ends in a slash; what begins with neither `watcher/`, `tests/` nor `docs/` is of the package, anywhere in it
where it is a name alone."""
TESTS = sorted(set(re.findall(r"`(tests/[a-z_0-9/]+\.py)::(test_[a-z_0-9]+)`", PAGE + RELIABILITY + RECIPES)))
LAYERS = re.findall(r"^\| (`[^|]*`) \|", PAGE.split("## The rooms")[1].split("\n## ")[0], re.MULTILINE)


def test_the_files_that_are_named_are_there() -> None:
    names = {path.name for path in (ROOT / "watcher").rglob("*")}
    there = [name for name in FILES if any((parent / name).exists() for parent in (ROOT, ROOT / "watcher"))]
    assert [name for name in FILES if name not in there and name not in names] == []


def test_the_tests_that_are_named_are_there() -> None:
    texts = {file: (ROOT / file).read_text(encoding="utf-8") for file, _ in TESTS}
    found = {file: re.findall(r"^(?:async )?def (test_\w+)\(", text, re.MULTILINE) for file, text in texts.items()}
    assert [f"{file}::{test}" for file, test in TESTS if test not in found[file]] == []


def test_the_files_that_are_linked_are_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert [link for link in links if not (ROOT / "docs" / link).is_file()] == []


INVARIANTS = re.findall(
    r"^\| [^|]* \| [^|]* \| (`tests/.*) \|$", PAGE.split("| invariant |")[1].split("\n\n")[0], re.MULTILINE
)


@pytest.mark.parametrize("tests", INVARIANTS)
def test_make_test_has_a_test_of_each_invariant(tests: str) -> None:
    """At a small size, perhaps: not all of them may be for `make faults` alone."""
    assert any(not _is_left_out(file, test) for file, test in re.findall(r"`(tests/[^:]+)::(test_\w+)`", tests))


def _is_left_out(file: str, test: str) -> bool:
    text = (ROOT / file).read_text(encoding="utf-8")
    decorated = re.search(rf"((?:^@.*\n(?:^[ )\]].*\n)*)*)^(?:async )?def {test}\(", text, re.MULTILINE)
    marks = re.findall(r"^pytestmark = .*", text, re.MULTILINE)
    assert decorated
    return "@pytest.mark.faults\n" in decorated[1] or any("mark.faults" in each for each in marks)


def test_the_rooms_are_in_the_order_of_the_contract() -> None:
    contract = re.search(r"layers = \[(.*?)\n\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.DOTALL)
    assert contract
    rooms = [set(re.findall(r"\w+", layer)) for layer in re.findall(r'"(.*)"', contract[1])]
    named = [{name.removesuffix(".py").rstrip("/") for name in re.findall(r"`([^`]+)`", layer)} for layer in LAYERS]
    assert named == rooms[1:]  # `__main__` is no room


PURE_MODULES = sorted((ROOT / "watcher/core").rglob("*.py")) + sorted((ROOT / "watcher/extract").rglob("*.py"))


def test_no_pure_module_reads_a_clock() -> None:
    """`time` is forbidden by a contract; `datetime`, which has a clock as well, is needed as a type."""
    clock = re.compile(r"\b(?:datetime|date)\.(?:now|utcnow|today)\b")
    assert [module for module in PURE_MODULES if clock.search(module.read_text(encoding="utf-8"))] == []
