"""Why checks failed, in words of the reader's language."""

from __future__ import annotations

from watcher.core.check import CheckFailure
from watcher.core.locale import Locale
from watcher.core.wording import Wording
from watcher.core.words import clean, cut, one_line
from watcher.translations import text, worded_in

_BESIDE = {"odd": ("watch_odd", "; "), "odd_first": ("watch_odd_first", ", ")}  # words, and a sign before the command


def line_of(failure: CheckFailure, language: Locale, characters: int) -> str:
    """Return why a check failed, as one line of at most so many characters."""
    return cut(one_line(clean(worded_in(language, failure.wording, failure.text))), characters)


def line_beside_accept(failure: CheckFailure, language: Locale, characters: int) -> str:
    """Return the same where a button accepts what is suspicious, and no command has to."""
    if failure.wording is None or failure.wording.key not in _BESIDE:
        return line_of(failure, language, characters)
    beside, sign = _BESIDE[failure.wording.key]
    what, said = failure.wording.values["what"], failure.text.rpartition(sign)[0]
    words = worded_in(language, what, said) if isinstance(what, Wording) else what
    return cut(one_line(clean(text(language, beside, what=words))), characters)
