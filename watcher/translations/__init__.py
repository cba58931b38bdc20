"""
The words that people read, each language in a folder of its own, with a file for each part: `en/pages.toml`.

A file holds a line for each text, `key = "Words with a {name}"`. A text with a number that inflects it has a line for
each plural form of the language, which the value `count` decides (the categories of CLDR, as in go-i18n's TOML):

    wait.one = "Wait for {count} minute."
    wait.other = "Wait for {count} minutes."

Tests hold the files complete: each language has every key, every key is used, the names in braces are those that
callers fill in, and the plural forms are those of the language.

Why TOML, and neither gettext nor Babel (2.19): Python reads it, so nothing is compiled, built or installed; it has
comments, refuses a key that comes twice, and guesses no types (in YAML the key `on` is true). Weblate edits it. Babel
adds 36 MB and some 40 ms to a start, to write numbers that English and Chinese write alike; dates and times of pages
are written by the reader's browser, which knows the timezone too. The price: the plural rule of a new language is a
line of ours, in `catalog.plural_form`. Look again when a language comes that writes numbers another way: Babel can do
that beside these files.

The sentences of messages stand in `watcher.core.phrases`.
"""

from watcher.core.locale import Locale
from watcher.translations.catalog import grouped, pattern, reworded, text, worded_in, written
from watcher.translations.language import preferred, spoken

__all__ = ["Locale", "grouped", "pattern", "preferred", "reworded", "spoken", "text", "worded_in", "written"]
