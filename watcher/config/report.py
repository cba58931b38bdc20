"""Where the mistakes that need more than one key to see are collected."""

from __future__ import annotations

from dataclasses import dataclass

from watcher.config.document import Document, Mistake, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    A list of mistakes, and the part of the file that is looked at.

    Attributes:
        path: of that part; what is added lies below it.
    """

    document: Document
    mistakes: list[Mistake]
    path: Path = ()

    def at(self, *parts: str | int) -> Report:
        """Return the report of a part below."""
        return Report(document=self.document, mistakes=self.mistakes, path=(*self.path, *parts))

    def add(self, text: str, *parts: str | int, at_key: bool = False) -> None:
        """Add a mistake in the part below that `parts` names."""
        path = (*self.path, *parts)
        self.mistakes.append((path, self.document.problem(path, text, at_key=at_key)))
