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
