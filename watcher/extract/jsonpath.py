"""
JSONPath (RFC 9535, strictly): whether an expression is one.

Within a row `$` is the row; a bare name is short for a path: `code` is `$.code`. By far the most paths are plain, and
need no engine to be judged.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonpath import JSONPath

    from watcher.extract.jsonpath_engine import Environment

_NAME = r"[^\W\d][\w]*"
_INDEX = r"""\[(?:-?\d{1,9}|\*|'[^'\\\x00-\x1f]*'|"[^"\\\x00-\x1f]*")\]"""
_PLAIN = re.compile(rf"\$(?:\.\.?(?:{_NAME}|\*)|{_INDEX})*")
_BARE = re.compile(r"""[^\[\]*?@$'"().\\\x00-\x1f]+(?:\.[^\[\]*?@$'"().\\\x00-\x1f]+)*""")


@lru_cache(maxsize=10_000)
def normalized_jsonpath(text: str) -> str:
    """Return the JSONPath that is meant: `code`, `a.b`, `@.code` and `.code` are short for `$.…`."""
    text = text.strip()
    if text.startswith("$"):
        return text
    if text.startswith(("@.", "@[")):
        return f"${text[1:]}"
    if _BARE.fullmatch(text):
        return "$" + "".join(f".{name}" if re.fullmatch(_NAME, name) else f"['{name}']" for name in text.split("."))
    return f"${text}" if text.startswith((".", "[")) else f"$.{text}"


def check_jsonpath(expression: str) -> None:
    """Return when this is JSONPath, or short for it. Raises ValueError with the reason in one line."""
    if not expression.strip():
        raise ValueError("an empty JSONPath; `$` is all of the page")
    path = normalized_jsonpath(expression)
    if not _PLAIN.fullmatch(path):
        compiled(path)


@lru_cache(maxsize=1_000)
def compiled(path: str) -> JSONPath:
    """Return the compiled path. Raises ValueError with the reason in one line."""
    from jsonpath import JSONPath, JSONPathError

    try:
        found = environment().compile(path)
    except (JSONPathError, RecursionError, ValueError, OverflowError) as error:
        # its str() is a picture of several lines, and fails for some
        reason = str(error.args[0]).partition("\n")[0] if error.args else type(error).__name__
        raise ValueError(f"{path!r} is no JSONPath (RFC 9535): {reason}") from error
    if not isinstance(found, JSONPath):
        raise ValueError(f"{path!r} is more than one JSONPath")  # noqa: TRY004  a mistake in the text
    return found


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the engine, which all paths of this process share."""
    from watcher.extract.jsonpath_engine import Environment  # 90 ms

    return Environment()
