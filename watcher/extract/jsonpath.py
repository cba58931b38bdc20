"""
JSONPath (RFC 9535, strictly): whether an expression is one.

Within a row `$` is the row; a bare name is short for a path: `code` is `$.code`. By far the most paths are plain, and
need no engine to be judged.
"""

from __future__ import annotations

import re
from functools import lru_cache

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
    """Check that this is JSONPath, or short for it. Raises ValueError with the reason in one line."""
    if not expression.strip():
        raise ValueError("an empty JSONPath; `$` is all of the page")
    path = normalized_jsonpath(expression)
    if not _PLAIN.fullmatch(path):
        from watcher.extract.jsonpath_engine import compiled  # 90 ms

        compiled(path)
