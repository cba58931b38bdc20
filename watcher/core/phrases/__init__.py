"""
What messages say, each sentence once in each language: `english.py` and `chinese.py` fill in `Phrases`.

The words of pages are in `watcher.translations`; those of messages stand here, since `core` composes them and imports
nothing that reads files. A sentence is a text with blanks, `{name}`; one with a number that inflects it is a `Plural`,
whose number is called `count`. Every field must be given, so a language lacks none, and a test holds the blanks equal.
"""

from __future__ import annotations

from watcher.core.locale import Locale
from watcher.core.phrases.chinese import CHINESE
from watcher.core.phrases.english import ENGLISH
from watcher.core.phrases.phrases import Phrases, Plural, beside, fill, join

__all__ = ["ENGLISH", "Phrases", "Plural", "beside", "fill", "join", "phrases_in"]


def phrases_in(language: Locale | None) -> Phrases:
    """Return the sentences of a language; of English where none was named."""
    return CHINESE if language is Locale.CHINESE else ENGLISH
