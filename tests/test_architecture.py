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


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_named_is_there(name: str) -> None:
    is_alone = "/" not in name
    assert any((parent / name).exists() for parent in (ROOT, ROOT / "watcher")) or (
        is_alone and any((ROOT / "watcher").rglob(name))
    )


@pytest.mark.parametrize(("file", "test"), TESTS)
def test_a_test_that_is_named_is_there(file: str, test: str) -> None:
    assert re.search(rf"^(?:async )?def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


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


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", PAGE))
def test_a_linked_file_is_there(link: str) -> None:
    assert (ROOT / "docs" / link).is_file()


def test_the_rooms_are_in_the_order_of_the_contract() -> None:
    contract = re.search(r"layers = \[(.*?)\n\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.DOTALL)
    assert contract
    rooms = [set(re.findall(r"\w+", layer)) for layer in re.findall(r'"(.*)"', contract[1])]
    named = [{name.removesuffix(".py").rstrip("/") for name in re.findall(r"`([^`]+)`", layer)} for layer in LAYERS]
    assert named == rooms[1:]  # `__main__` is no room


PURE_MODULES = sorted((ROOT / "watcher/core").rglob("*.py")) + sorted((ROOT / "watcher/extract").rglob("*.py"))


@pytest.mark.parametrize("module", PURE_MODULES, ids=lambda module: f"{module.parent.name}/{module.name}")
def test_a_pure_module_reads_no_clock(module: Path) -> None:
    """`time` is forbidden by a contract; `datetime`, which has a clock as well, is needed as a type."""
    read = re.findall(r"\b(?:datetime|date)\.(?:now|utcnow|today)\b", module.read_text(encoding="utf-8"))
    assert not read
