"""The defects are those that were meant, each where it belongs, and tests that reach them are asked nearest first."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.choosing import KINDS, NUMBER, ROOT, defects_of, propose, quotas
from tests.mutants.defects import Defect, DefectGoneError, as_toml, read_defects
from tests.mutants.judging import nearest_first
from tests.mutants.recording import with_probes

SOURCE = '''\
def price(texts: list[str], most: int) -> int:
    """Return the first price."""
    if len(texts) > most:
        raise ValueError("too many")
    if not texts and most:
        return 0
    try:
        return int(texts[0])
    except ValueError as error:
        raise LookupError from error
    finally:
        texts.clear()
'''


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("turned", "    if len(texts) <= most:\n"),
        ("turned", "    if not (not texts and most):\n"),
        ("bound", "    if len(texts) >= most:\n"),
        ("either", "    if (not texts or most):\n"),
        ("unchecked", "    pass\n    if not texts and most:\n"),
        ("swallowed", "    except ValueError as error:\n        pass\n"),
        ("left out", "    finally:\n        pass\n"),
    ],
)
def test_each_kind_of_defect_is_proposed(kind: str, line: str) -> None:
    planted = [one.planted_in(SOURCE) for one in defects_of("watcher/core/price.py", SOURCE) if one.kind == kind]
    assert sum(line in source for source in planted) == 1
    assert all(ast.parse(source) for source in planted)


def test_the_same_are_proposed_again_but_for_those_that_were_passed_over() -> None:
    sources = {f"watcher/{room}/price.py": SOURCE for room in ("core", "web", "store")}
    first, *others = propose(sources, 3, [])
    assert [first, *others] == list(propose(sources, 3, []))
    assert first not in list(propose(sources, 3, [(first.file, first.after)]))


def test_each_room_gets_two_and_all_get_as_many_as_there_are() -> None:
    found = quotas({"core": 10_000, "net": 100, "web": 40_000}, 20)
    assert sum(found.values()) == 20
    assert found["web"] > found["core"] > found["net"] >= 2


def test_a_defect_that_is_there_twice_or_not_at_all_is_gone() -> None:
    defect = Defect(file="watcher/a.py", kind="bound", before="a < b\n", after="a <= b\n")
    assert defect.line_in("\na < b\n") == 2
    for source in ("a > b\n", "a < b\na < b\n"):
        with pytest.raises(DefectGoneError):
            defect.planted_in(source)


def test_a_line_is_that_of_the_change_and_not_of_what_makes_it_the_only_one() -> None:
    defect = Defect(file="watcher/a.py", kind="bound", before="def a():\n    b\n", after="def a():\n    pass\n")
    assert defect.line_in("\ndef a():\n    b\n") == 3


def test_they_are_written_as_they_are_read(tmp_path: Path) -> None:
    defects = [Defect(file="watcher/a.py", kind="bound", before="  a < '\\d'\n", after='  a <= "b"\n')]
    (tmp_path / "defects.toml").write_text(as_toml("defect", defects), encoding="utf-8")
    assert read_defects(tmp_path / "defects.toml") == defects


def test_a_probe_stands_before_the_statement_of_its_line() -> None:
    source = "def f(a):\n    if a:\n        g()\n    elif a is None:\n        h(\n            1)\n"
    probed = with_probes(source, {4: 7, 6: 8})
    assert probed.replace("__import__('mutants_plugin').", "") == (
        "def f(a):\n    if a:\n        g()\n    else:\n        probe(7)\n        if a is None:\n"
        "            probe(8)\n            h(1)"
    )


def test_the_tests_of_the_module_are_asked_first_and_of_other_rooms_last() -> None:
    tests = ["tests/web/test_a.py::test_x", "tests/core/test_b.py::test_x", "tests/core/test_judge.py::test_x"]
    assert nearest_first("watcher/core/judge.py", tests) == tests[::-1]


def test_sixty_are_planted_of_each_kind_and_in_each_room() -> None:
    defects = read_defects()
    assert len({(one.file, one.before) for one in defects}) == NUMBER
    assert Counter(one.kind for one in defects).keys() == set(KINDS)
    rooms = {path.parent.name for path in ROOT.glob("watcher/*/__init__.py")}
    assert {one.file.split("/")[1] for one in defects} == rooms
