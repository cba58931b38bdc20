"""
Every pattern of ours for `re`, on texts made for it: `python -m tests.faults.patterns CHARS [AFTER]`.

For each text a line is printed, and what takes over LIMIT_SECONDS of processor time ends the process: so the last
line names it. The next process goes on AFTER that pattern. Not every search of `re` looks for signals, so a process it
must be.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import signal
import sys
from collections.abc import Iterator
from itertools import product
from typing import Any

from msgspec.structs import asdict as struct_asdict

import watcher.core
import watcher.extract.lasting
import watcher.extract.stock_clauses
import watcher.extract.wall_words
import watcher.fetch
from watcher.extract.lazy_pattern import LazyPattern

LIMIT_SECONDS = 1.0

TYPED, WRITTEN = 1_000, 1_000
_BOUNDS = {
    # The texts of typed values have 300 characters at most.
    "watcher.extract.dates": TYPED,
    "watcher.extract.money": TYPED,
    "watcher.extract.numbers": TYPED,
    "watcher.extract.price_amounts": TYPED,
    "watcher.extract.price_beside_words": TYPED,
    "watcher.extract.price_conditions": TYPED,
    "watcher.extract.price_marks": TYPED,
    "watcher.extract.price_notation": TYPED,
    "watcher.extract.price_parts": TYPED,
    "watcher.extract.price_relations": TYPED,
    "watcher.extract.price_tax": TYPED,
    "watcher.extract.stock": TYPED,
    "watcher.extract.stock_clauses": TYPED,
    "watcher.extract.stock_phrases": TYPED,
    "watcher.extract.wall_words": 600,
    # A name that is longer than `MAX_CHARS` is given by nobody.
    "watcher.extract.lasting": watcher.extract.lasting.MAX_CHARS,
    # Titles, labels and short values have 120.
    "watcher.extract.suggesting.amount_words": TYPED,
    "watcher.extract.page_name": TYPED,
    "watcher.extract.suggesting.days": 400,
    "watcher.extract.count_words": TYPED,
    "watcher.extract.suggesting.page_titles": TYPED,
    "watcher.extract.suggesting.figures.COUNT_LABEL": TYPED,
    "watcher.extract.suggesting.labelled_values.COUNT_LABEL": TYPED,
    "watcher.extract.suggesting.standing_values._CODE": TYPED,
    "watcher.extract.suggesting.unwatched_tables._WEEKDAY": TYPED,
    # What the operator writes has 1,000.
    "watcher.extract.jsonpath": WRITTEN,
    "watcher.extract.selectors": WRITTEN,
    "watcher.extract.xpath": WRITTEN,
    "watcher.extract.xpath_cost": WRITTEN,
    "watcher.core.dates": WRITTEN,
    "watcher.extract.body._CSS_PREFIX": WRITTEN,
    # The start of a page, or a header.
    "watcher.extract.body._JSON_TYPE": 32_000,
    "watcher.extract.body._XML_TYPE": 32_000,
    "watcher.extract.body._XML_START": 2_000,
    "watcher.extract.charset._XML_DECLARATION": 200,
    "watcher.extract.json_values._CALL": 300,
    # A message's template.
    "watcher.core.sandbox": 100_000,
}
"""The most characters that a pattern meets, of a module or by name; of all others as many as a page may have."""
_SAMPLES = ("a", "1", " ", "\n", "<", ">", "/", "&", ".", ",", '"', "'", "-", "(", "[", "{", ":", "€", "万", "\0")
_AROUND = 3


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield them with their names: those at the head of a module, those written where they are used, and tables."""
    for package in (watcher.core, watcher.extract, watcher.fetch):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, value in sorted(vars(module).items()):
                for each in value.values() if isinstance(value, dict) else (value,):
                    if isinstance(each, re.Pattern | LazyPattern):
                        yield f"{found.name}.{name}", each if isinstance(each, re.Pattern) else each.compiled
            for source in _written_in(inspect.getsource(module)):
                yield f"{found.name}.re", re.compile(source)
    for name, value in sorted(vars(watcher.extract.wall_words).items()):
        if isinstance(value, tuple):
            yield f"watcher.extract.wall_words.{name}", re.compile("|".join(value), re.IGNORECASE)
    of_clauses = struct_asdict(watcher.extract.stock_clauses.expressions())
    for name, pattern in (*of_clauses.pop("aside"), *of_clauses.items()):
        yield f"watcher.extract.stock_clauses.{name}", pattern


def _written_in(source: str) -> Iterator[str]:
    """Yield what is given to `re.search` and its like as it stands."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=what), args=[ast.Constant(value=str(pattern)), *_]
            ) if what != "compile":
                yield rf"\A(?:{pattern})\Z" if what == "fullmatch" else pattern


def attacks(pattern: str, chars: int) -> Iterator[str]:
    """Yield texts that repeat what the pattern is made of: single characters, pairs of them, and its words."""
    literals = re.sub(r"\(\?P?[<:=!]+\w*>?|\\.|[\\^$|?*+(){}\[\]]", "\0", pattern)
    words = sorted({word for word in literals.split("\0") if word}, key=len, reverse=True)[:12]
    some = sorted({*_SAMPLES, *words})
    for unit in some:
        yield unit * (chars // len(unit))
    for start, unit in product(words[:_AROUND], ("a", "1", " ", "<")):
        yield start + unit * chars
        yield (start + unit) * (chars // (len(start) + 1))


def main() -> None:
    """See the head of this module."""
    most, after = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for number, (name, pattern) in enumerate(patterns(), 1):
        if number <= after:
            continue
        chars = min(most, _BOUNDS.get(name, _BOUNDS.get(name.rpartition(".")[0], most)))
        source = pattern.pattern
        for text in attacks(source if isinstance(source, str) else source.decode("latin-1"), chars):
            print(number, name, repr(text[:40]), flush=True)
            signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS)
            for _ in pattern.finditer(text if isinstance(source, str) else text.encode()):
                pass
            signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main()
