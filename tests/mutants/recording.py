"""
Which tests reach which defects: recorded once for a commit, by a run of all tests in a checkout with probes.

Before the statement that a defect changes stands a call that writes down the test (`mutants_plugin.py`). Coverage by
contexts would say the same of the process of the tests; this says it of all that they start as well, and costs next
to nothing.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tests.mutants.checkout import PLUGIN, checkout_of
from tests.mutants.defects import Defect, DefectGoneError

_BODIES: Final = ("body", "orelse", "finalbody")


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """By a defect's key, the tests that reach it; by a test, its seconds. Those that failed are in neither."""

    reached: Mapping[str, Sequence[str]]
    seconds: Mapping[str, float]


def key_of(defect: Defect) -> str:
    """Return what identifies a defect's place in a recording."""
    return f"{defect.file}\n{defect.before}"


def record(commit: str, defects: Sequence[Defect], *, processes: int, selected: Sequence[str] = ()) -> Recording:
    """Run the tests on a commit, and see which of them reach the defects."""
    with checkout_of(commit) as checkout:
        _put_probes(checkout.root, defects)
        notes = checkout.root / "probes"
        notes.mkdir()
        notes.chmod(0o777)
        checkout.pytest(f"--numprocesses={processes}", "--dist=worksteal", *selected)
        return _read(notes, defects)


def with_probes(source: str, lines: Mapping[int, int]) -> str:
    """Return the source with a probe before the statement of each line; a probe says the number of its line."""
    tree = ast.parse(source)
    statements = {line: _innermost(tree, line) for line in lines}
    for node in ast.walk(tree):
        for name in _BODIES:
            body = getattr(node, name, None)
            if isinstance(body, list):
                setattr(node, name, [new for one in body for new in (*_probes(one, statements, lines), one)])
    return ast.unparse(ast.fix_missing_locations(tree))


def _probes(statement: ast.AST, statements: Mapping[int, ast.stmt], lines: Mapping[int, int]) -> Iterable[ast.stmt]:
    for line, number in lines.items():
        if statements[line] is statement:
            yield from ast.parse(f"__import__({PLUGIN.stem!r}).probe({number})").body


def _innermost(tree: ast.AST, line: int) -> ast.stmt:
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return min(around, key=lambda node: ((node.end_lineno or 0) - node.lineno, -node.col_offset))


def _put_probes(root: Path, defects: Sequence[Defect]) -> None:
    wanted: dict[str, dict[int, int]] = defaultdict(dict)
    for number, defect in enumerate(defects):
        try:
            wanted[defect.file][defect.line_in((root / defect.file).read_text(encoding="utf-8"))] = number
        except (DefectGoneError, FileNotFoundError):
            continue
    for file, lines in wanted.items():
        path = root / file
        path.write_text(with_probes(path.read_text(encoding="utf-8"), lines), encoding="utf-8")


def _read(notes: Path, defects: Sequence[Defect]) -> Recording:
    reports = [json.loads(line) for line in (notes / "reports").read_text(encoding="utf-8").splitlines()]
    failed = {test for test, _, outcome in reports if outcome == "failed"}
    seconds: dict[str, float] = defaultdict(float)
    for test, duration, _ in reports:
        if test not in failed:
            seconds[test] += duration
    reached: dict[str, set[str]] = {key_of(defect): set() for defect in defects}
    for line in (notes / "hits").read_text(encoding="utf-8").splitlines():
        number, _, test = line.partition(" ")
        if test in seconds:
            reached[key_of(defects[int(number)])].add(test)
    return Recording(reached={key: sorted(tests) for key, tests in reached.items()}, seconds=seconds)
