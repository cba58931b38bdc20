"""What is never logged: whatever looks like a token, or opens something."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(r"\b((?:AT|SPT|WT)_|claim/|confirm/)\w+")
_FIELD: Final = re.compile(
    r"(?i)\b((?:watcher_device|access_?token|app_?token|secret|password)\"?'?\s*[=:]\s*\"?'?)[^\s\"'&;,]+"
)
_CREDENTIALS: Final = re.compile(r"(://)[^/\s@]+@")


def masked(text: str) -> str:
    """Return the text with everything that looks like a token, a password, or is used once, cut down to its name."""
    text = _TOKEN.sub(r"\1***", text)
    text = _FIELD.sub(r"\1***", text)
    return _CREDENTIALS.sub(r"\1***@", text)
