"""
A defect: what a file says, which is there once, and what it would say if somebody had made a mistake.

`defects.toml` has those that are planted. They were proposed by `choosing.py`, and looked at by eye: one that changes
nothing that anybody can observe is under `passed_over`, with the reason, so that it is not proposed again. Nothing is
said about lines or tests, so a defect stays the same while what is around it changes. Where what a file says is
changed, the defect is gone, and has to be written again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PLANTED: Final = Path(__file__).with_name("defects.toml")


class DefectGoneError(Exception):
    """The file does not have what the defect changes, or has it several times."""


@dataclass(frozen=True, kw_only=True)
class Defect:
    """Whole lines of a file, `before` and `after` the mistake."""

    file: str
    kind: str
    before: str
    after: str

    def line_in(self, source: str) -> int:
        """Return the first line that it changes, from 1. Raises DefectGoneError."""
        return source.count("\n", 0, self._position_in(source)) + 1 + self._same_lines()

    def planted_in(self, source: str) -> str:
        """Return the file with the mistake. Raises DefectGoneError."""
        position = self._position_in(source)
        return source[:position] + self.after + source[position + len(self.before) :]

    def _position_in(self, source: str) -> int:
        if source.count(self.before) != 1:
            raise DefectGoneError(f"{self.file} has it {source.count(self.before)} times: {self.before.strip()}")
        return source.index(self.before)

    def _same_lines(self) -> int:
        pairs = zip(self.before.splitlines(), self.after.splitlines(), strict=False)
        return next((number for number, (old, new) in enumerate(pairs) if old != new), 0)


@dataclass(frozen=True, kw_only=True)
class PassedOver:
    """A proposal that is no defect, and why."""

    file: str
    before: str
    after: str
    why: str


def read_defects(path: Path = PLANTED) -> Sequence[Defect]:
    """Return what is planted."""
    return [Defect(**row) for row in _read(path).get("defect", ())]


def read_passed_over(path: Path = PLANTED) -> Sequence[PassedOver]:
    """Return what is not."""
    return [PassedOver(**row) for row in _read(path).get("passed_over", ())]


def as_toml(table: str, rows: Iterable[Defect | PassedOver]) -> str:
    """Write tables of an array, of literal strings that read as the source does."""
    return "\n".join(
        f"[[{table}]]\n" + "".join(f"{key} = {_literal(text)}\n" for key, text in vars(row).items()) for row in rows
    )


def _literal(text: str) -> str:
    return f"'''\n{text}'''" if "\n" in text else f'"{text}"'


def _read(path: Path) -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
