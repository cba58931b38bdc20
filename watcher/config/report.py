"""Where the mistakes that need more than one key to see are collected."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from watcher.config.document import Document, KeyPath, Mistake


class Report(Struct, frozen=True, kw_only=True):
    """
    A list of mistakes, and the part of the file that is looked at.

    Attributes:
        path: of that part; what is added lies below it.
        note: follows every text that is added: which of several things made of this part is meant.
    """

    document: Document
    mistakes: list[Mistake]
    path: KeyPath = ()
    note: str = ""

    def at(self, *parts: str | int) -> Report:
        """Return the report of a part below."""
        return replace(self, path=(*self.path, *parts))

    def add(self, text: str, *parts: str | int, at_key: bool = False) -> None:
        """Add a mistake in the part below that `parts` names."""
        path = (*self.path, *parts)
        self.mistakes.append((path, self.document.problem(path, text + self.note, at_key=at_key)))
