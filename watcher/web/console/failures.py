"""Why checks failed, in words of the reader's language."""

from __future__ import annotations

from watcher.core.check import CheckFailure
from watcher.core.locale import Locale
from watcher.core.words import clean, cut, one_line
from watcher.translations import worded_in


def line_of(failure: CheckFailure, language: Locale, characters: int) -> str:
    """Return why a check failed, as one line of at most so many characters."""
    return cut(one_line(clean(worded_in(language, failure.wording, failure.text))), characters)
