"""What `watcher init` writes."""

from importlib.resources import files

from watcher.core.locale import Locale

STARTER = files("watcher.config").joinpath("starter.yaml").read_text(encoding="utf-8")
"""A commented file to start with."""

_WATCHES = "watches:\n"
_DEFAULTS = "defaults:\n  language: {language}                    # of all messages\n\n"


def starter_file(language: Locale) -> str:
    """Return it with messages in a language: English is what they are in when nothing is said."""
    defaults = "" if language is Locale.ENGLISH else _DEFAULTS.format(language=language)
    return STARTER.replace(_WATCHES, defaults + _WATCHES, 1)


_BARE = """\
# Pages to watch. `watcher add URL` writes them into watches.d/added.yaml, and others may stand here, under `watches:`.
# `watcher validate` names every mistake, `watcher run` watches the pages, `watcher qr TOPIC` prints the code to scan.

"""
_INCLUDE = "include: watches.d/*.yaml\n"


def bare_starter_file(language: Locale) -> str:
    """Return a file without any watch, for what `watcher add` writes."""
    defaults = "" if language is Locale.ENGLISH else _DEFAULTS.format(language=language).removesuffix("\n")
    return f"{_BARE}{_INCLUDE}{defaults}"
