"""How `watcher try` shows what moved until its second look, and the line of watches.yaml that leaves it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from watcher.cli.output import short
from watcher.config.yaml_advice import quoted
from watcher.core.values import Json

if TYPE_CHECKING:
    from watcher.extract.noise import Remedy, SecondLook

_SHOWN = 200
_PLAIN = re.compile(r"[A-Za-z.][\w .>-]*")
"""Such a text means itself in YAML, within a list too."""


def print_second_look(second: SecondLook, *, is_left_out: bool = False) -> None:
    """Print what moved between the two looks. `is_left_out`: a new watch can do without, whatever line that takes."""
    for line in _lines(second, is_left_out=is_left_out):
        click.echo(line)


def second_look_json(second: SecondLook | None) -> Json:
    """Return the same as a record; None when there was no second look."""
    if second is None:
        return None
    return {
        "moved": [{"name": each.name, "went": [*each.went], "came": [*each.came]} for each in second.movements],
        "line": line_of(second.remedy) if second.remedy else None,
        "problem": second.problem,
    }


def line_of(remedy: Remedy) -> str:
    """Return the line as watches.yaml takes it: `exclude: [.ad, "#clock"]`."""
    entries = [each if _PLAIN.fullmatch(each) else quoted(each) for each in remedy.entries]
    listed = ", ".join(entries)
    return f"{remedy.key}: {listed if len(entries) == 1 else f'[{listed}]'}"


def _lines(second: SecondLook, *, is_left_out: bool) -> Iterator[str]:
    if second.problem is not None:
        yield f"looked again, without success: {second.problem}"
        return
    yield "looked again: this moved by itself" if second.movements else "looked again: nothing moved"
    for each in second.movements:
        yield from (f"  {each.name}: - {short(line, _SHOWN)}" for line in each.went)
        yield from (f"  {each.name}: + {short(line, _SHOWN)}" for line in each.came)
    yield from (f"  {name}: tells how long ago something was, which moves soon" for name in second.ages)
    if second.remedy is not None:
        yield "this line of the watch leaves it out:"
        yield f"  {line_of(second.remedy)}"
    elif second.movements and not is_left_out:
        yield "no single line leaves that out; choose a selector without it"
