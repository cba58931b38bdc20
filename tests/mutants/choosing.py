"""
Proposes defects, for `defects.toml`: of each kind, spread over the rooms, always the same ones for the same source.

| kind | what is done |
|---|---|
| turned | a condition is turned round |
| bound | a bound is off by one |
| unchecked | a check is left out, with what it returns or raises |
| swallowed | an error is caught, and nothing done about it |
| either | `and` is written for `or`, or the other way round |
| left out | a step is left out: a call whose result is not used |

    python -m tests.mutants.choosing [NUMBER]

prints them as TOML. A room gets two and its share of the rest, by the square root of its lines, and no file gets
two. What is proposed may change nothing: read it before it is planted.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import count, islice
from pathlib import Path
from typing import Final

from tests.mutants.defects import Defect, as_toml, read_passed_over

ROOT: Final = Path(__file__).parents[2]
NUMBER: Final = 60
KINDS: Final = ("turned", "unchecked", "bound", "swallowed", "either", "left out")
_SEED: Final = "38"
_SAYS_LITTLE: Final = re.compile(r"\b_?log\b|super\(\)|assert_never")
"""What a statement has that changes little if it is left out."""
_MOST_LINES: Final = 12
_OPPOSITES: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
    ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<",
}  # fmt: skip
_OFF_BY_ONE: Final[Mapping[type[ast.cmpop], str]] = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
_Change = tuple[str, ast.AST, str]
"""A kind, what of the source is replaced, and by what."""


def propose(sources: Mapping[str, str], number: int, passed_over: Iterable[tuple[str, str]]) -> Iterator[Defect]:
    """
    Yield defects.

    Args:
        sources: of all files, by name.
        passed_over: files and what they would say, of proposals that are not made again.
    """
    known = set(passed_over)
    rooms: dict[str, list[str]] = defaultdict(list)
    for file in sources:
        rooms[Path(file).parts[1]].append(file)
    sizes = {room: sum(sources[file].count("\n") for file in files) for room, files in rooms.items()}
    for place, (room, quota) in enumerate(sorted(quotas(sizes, number).items())):
        there = [defect for file in rooms[room] for defect in defects_of(file, sources[file])]
        fresh = [defect for defect in there if (defect.file, defect.after) not in known]
        yield from islice(_in_turns(fresh, place), quota)


def quotas(sizes: Mapping[str, int], number: int) -> Mapping[str, int]:
    """Return how many each room gets: those with the largest fractions get what is left by rounding down."""
    left = max(0, number - 2 * len(sizes))
    whole = sum(size**0.5 for size in sizes.values())
    shares = {room: left * size**0.5 / whole for room, size in sizes.items()}
    by_fraction = sorted(shares, key=lambda room: (int(shares[room]) - shares[room], room))
    more = set(by_fraction[: left - sum(map(int, shares.values()))])
    return {room: 2 + int(share) + (room in more) for room, share in shares.items()}


def defects_of(file: str, source: str) -> Iterator[Defect]:
    """Yield all defects that can be planted in the functions of a file."""
    lines = source.encode().splitlines(keepends=True)
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    changes = {
        ast.dump(node, include_attributes=True) + new: (kind, node, new)
        for kind, node, new in _changes(functions, source)
    }
    for kind, node, new in changes.values():
        if defect := _defect(file, source, lines, (kind, node, new)):
            yield defect


def _in_turns(defects: Sequence[Defect], place: int) -> Iterator[Defect]:
    """Yield them by chance, a kind after the other, and from each file one."""
    by_kind = {kind: sorted((one for one in defects if one.kind == kind), key=_chance) for kind in KINDS}
    used: set[str] = set()
    for turn in count(place):
        kind = KINDS[turn % len(KINDS)]
        if not any(one.file not in used for each in by_kind.values() for one in each):
            return
        if found := next((one for one in by_kind[kind] if one.file not in used), None):
            used.add(found.file)
            yield found


def _chance(defect: Defect) -> str:
    return sha256("\0".join((_SEED, defect.file, defect.before, defect.after)).encode()).hexdigest()


def _changes(functions: Iterable[ast.AST], source: str) -> Iterator[_Change]:
    for function in functions:
        for node in ast.walk(function):
            yield from _changes_of(node, source)


def _changes_of(node: ast.AST, source: str) -> Iterator[_Change]:
    match node:
        case ast.If(body=[ast.Raise() | ast.Return() | ast.Continue()], orelse=[]):
            yield "turned", node.test, _opposite(node.test, source)
            yield "unchecked", node, "pass"
        case ast.If() | ast.While() | ast.IfExp():
            yield "turned", node.test, _opposite(node.test, source)
        case ast.Compare(ops=[operator]) if type(operator) in _OFF_BY_ONE:
            yield "bound", node, _compared(node, _OFF_BY_ONE, source)
        case ast.BoolOp(op=ast.And()):
            yield "either", node, f"({' or '.join(_text(value, source) for value in node.values)})"
        case ast.BoolOp(op=ast.Or()):
            yield "either", node, f"({' and '.join(_text(value, source) for value in node.values)})"
        case ast.Expr(value=ast.Call() | ast.Await()) if not _SAYS_LITTLE.search(_text(node, source)):
            yield "left out", node, "pass"
        case ast.ExceptHandler(body=[only]) if _does_something(only) and not _SAYS_LITTLE.search(_text(only, source)):
            yield "swallowed", only, "pass"


def _does_something(statement: ast.stmt) -> bool:
    """Return whether a handler of this alone does more than to go on, or to answer no."""
    match statement:
        case ast.Pass() | ast.Continue() | ast.Return(value=None | ast.Constant(value=None | False)):
            return False
        case _:
            return True


def _opposite(test: ast.expr, source: str) -> str:
    match test:
        case ast.UnaryOp(op=ast.Not()):
            return _text(test.operand, source)
        case ast.Compare(ops=[_]):
            return _compared(test, _OPPOSITES, source)
        case _:
            return f"not ({_text(test, source)})"


def _compared(node: ast.Compare, operators: Mapping[type[ast.cmpop], str], source: str) -> str:
    return f"{_text(node.left, source)} {operators[type(node.ops[0])]} {_text(node.comparators[0], source)}"


def _text(node: ast.AST, source: str) -> str:
    text = ast.get_source_segment(source, node) or ""
    return f"({text})" if isinstance(node, ast.NamedExpr) else text


def _defect(file: str, source: str, lines: Sequence[bytes], change: _Change) -> Defect | None:
    """Return it, with as many lines before it as make it the only one in its file."""
    kind, node, new = change
    first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]  # each is an expression or a statement
    head, tail = lines[first][: node.col_offset], lines[last][node.end_col_offset :]  # type: ignore[attr-defined]
    before, after = b"".join(lines[first : last + 1]).decode(), (head + new.encode() + tail).decode()
    while source.count(before) > 1 and first > 0:
        first -= 1
        before, after = lines[first].decode() + before, lines[first].decode() + after
    is_small = before.count("\n") <= _MOST_LINES and before.endswith("\n") and "'''" not in before
    return Defect(file=file, kind=kind, before=before, after=after) if is_small else None


def read_sources(root: Path = ROOT) -> Mapping[str, str]:
    """Return the source of each room."""
    files = sorted(root.glob("watcher/*/**/*.py"))
    return {str(file.relative_to(root)): file.read_text(encoding="utf-8") for file in files}


def main(arguments: Sequence[str]) -> int:
    """Print them."""
    number = int(arguments[0]) if arguments else NUMBER
    passed_over = [(one.file, one.after) for one in read_passed_over()]
    print(as_toml("defect", propose(read_sources(), number, passed_over)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
