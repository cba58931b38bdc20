"""
How the code is built: how much of it there is, in what pieces, and through how many of them a piece of work passes.

    python -m benchmarks.structure [--before REV] [--skip-paths] [--list]

Lengths of functions count from `def` to the last line, docstring included; migrations are left out where it is said.
The paths are those of a real send and a real check (`benchmarks/paths.py`). It judges nothing by itself.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.pairs import checkout_of, measured_by

_CHECKOUT: Final = Path(__file__).parents[1]
_PATHS: Final = Path(__file__).with_name("paths.py")
_LONG: Final = 50
_FUNCTION: Final = ast.FunctionDef | ast.AsyncFunctionDef
_MIGRATIONS: Final = "migrations"
_SILENT: Final = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """`lines`: from `def` to the last one."""

    name: str
    lines: int


@dataclass(slots=True, kw_only=True)
class Module:
    """
    What one module is made of.

    Attributes:
        code_lines: those without blank lines, comments and docstrings.
        local_imports: those that stand inside functions.
        type_blocks: `if TYPE_CHECKING` with imports in them.
    """

    path: str
    lines: int
    code_lines: int
    functions: list[Function] = field(default_factory=list)
    local_imports: int = 0
    type_blocks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured of a checkout; `paths`: of each kind of work, the modules that it passes."""

    modules: Sequence[Module]
    paths: dict[str, Sequence[str]]

    def rows(self) -> dict[str, str]:
        """Return each figure by its name."""
        functions = [one for module in self.modules for one in module.functions]
        return {
            "lines": f"{sum(module.lines for module in self.modules):,}",
            "lines of code, without blank lines, comments and docstrings": (
                f"{sum(module.code_lines for module in self.modules):,}"
            ),
            "modules": str(len(self.modules)),
            "functions": f"{len(functions):,}",
            "lines of the median function": f"{median(one.lines for one in functions):g}",
            f"functions over {_LONG} lines, besides migrations": str(len(self.long_functions())),
            "imports inside functions": str(sum(module.local_imports for module in self.modules)),
            "blocks of imports for types only": str(sum(module.type_blocks for module in self.modules)),
            **{f"modules that a {kind} passes": str(len(passed)) for kind, passed in self.paths.items()},
        }

    def long_functions(self) -> Sequence[str]:
        """Return those over 50 lines, longest first."""
        found = [
            (one.lines, f"{module.path}: {one.name}, {one.lines}")
            for module in self.modules
            if _MIGRATIONS not in Path(module.path).parts
            for one in module.functions
            if one.lines > _LONG
        ]
        return [text for _, text in sorted(found, reverse=True)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says."""
    wanted = _parser().parse_args(arguments)
    kinds = () if wanted.skip_paths else ("send", "watch")
    now, before = measured(_CHECKOUT, kinds), None
    if wanted.before is not None:
        with checkout_of(wanted.before) as older:
            before = measured(older, kinds)
    print(table(now, before))
    if wanted.list:
        print("", *now.long_functions(), sep="\n")
        for kind, passed in now.paths.items():
            print(f"\n{kind}:", *passed, sep="\n  ")
    return 0


def measured(checkout: Path, kinds: Sequence[str]) -> Figures:
    """Return the figures of a checkout, with the paths of these kinds of work."""
    return Figures(
        modules=[
            module_of(path.read_text(encoding="utf-8"), str(path.relative_to(checkout)))
            for path in sorted((checkout / "watcher").rglob("*.py"))
        ],
        paths={kind: _passed(checkout, kind) for kind in kinds},
    )


def module_of(source: str, path: str) -> Module:
    """Return what a module is made of."""
    tree = ast.parse(source)
    module = Module(path=path, lines=source.count("\n"), code_lines=len(_code_lines(source, tree)))
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                module.functions.append(Function(name=node.name, lines=lines))
            case ast.If(test=ast.Name(id="TYPE_CHECKING")) if any(_imports(node)):
                module.type_blocks += 1
    module.local_imports = sum(1 for _ in _local_imports(tree))
    return module


def table(now: Figures, before: Figures | None) -> str:
    """Return the figures as a table in Markdown."""
    old = before.rows() if before else {}
    rows = [[name, *([old[name]] if old else []), value] for name, value in now.rows().items()]
    head = ["figure", *(["before"] if old else []), "now"]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.structure", description="Count what the code is made of."
    )
    parser.add_argument("--before", metavar="REV", help="of git, to measure beside this checkout")
    parser.add_argument("--skip-paths", action="store_true", help="run nothing, count alone")
    parser.add_argument("--list", action="store_true", help="name the long functions, and the modules of each path")
    return parser


def _code_lines(source: str, tree: ast.AST) -> set[int]:
    """Return the numbers of the lines in which any code stands; a text that stands alone is a docstring."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    spoken = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    )
    return {
        line for token in tokens if token.type not in _SILENT for line in range(token.start[0], token.end[0] + 1)
    } - {line for node in spoken for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


def _local_imports(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the imports that stand inside functions, each once, however deep."""
    for child in ast.iter_child_nodes(node):
        yield from _imports(child) if isinstance(child, _FUNCTION) else _local_imports(child)


def _imports(node: ast.AST) -> Iterator[ast.stmt]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Import | ast.ImportFrom))


def _passed(checkout: Path, kind: str) -> Sequence[str]:
    modules: list[str] = measured_by(_PATHS, kind, checkout)
    return modules


if __name__ == "__main__":
    sys.exit(main())
