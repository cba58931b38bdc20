"""
What a log line looks like, for people (`text`) and for programs (`json`).

One record is one line, or in text a first line and lines below it that begin with four blanks: what a page, a header
or a URL contains cannot look like a record of its own. Tokens are masked in whatever any logger says, in tracebacks
too. In JSON a line is an object: `time` (ISO 8601, UTC), `level`, `logger`, `message`, and `exc` where there is a
traceback.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType
from typing import Final, TextIO

from watcher.core.masking import masked

_TEXT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Control characters and what turns the direction of writing: a terminal obeys them, a reader does not see them."""
_BELOW: Final = "\n    "
_log = logging.getLogger("watcher")


class LogFormat(StrEnum):
    """How log lines are written."""

    TEXT = "text"
    JSON = "json"


class _ErrorStream(logging.StreamHandler[TextIO]):
    """Logs to whatever is the error stream at the time: a progress bar puts itself there, and stays below the lines."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class TextFormatter(logging.Formatter):
    """Lines for people."""

    def __init__(self) -> None:
        super().__init__(_TEXT)

    def format(self, record: logging.LogRecord) -> str:
        first, *below = masked(super().format(record)).split("\n")
        return _BELOW.join([_escaped(first), *map(_escaped, below)])


class JsonFormatter(logging.Formatter):
    """Lines for programs."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            said["exc"] = masked(self.formatException(record.exc_info))
        return json.dumps(said)


def set_up_logs(form: LogFormat, *, is_verbose: bool) -> None:
    """Log to the error stream in this form from now on; what ends the process by an error is logged as well."""
    handler = _ErrorStream()
    handler.setFormatter(JsonFormatter() if form is LogFormat.JSON else TextFormatter())
    logging.basicConfig(level=logging.INFO if is_verbose else logging.WARNING, handlers=[handler])
    # It tells of each change in the folder of watches.yaml: of each line of a log that is written there, for ever.
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    # Of each lease that is given back it tells the traceback of the cancellation that ended its job.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    logging.captureWarnings(capture=form is LogFormat.JSON)
    sys.excepthook = _log_end


def _log_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.critical("a defect in watcher ends it", exc_info=(kind, error, trace))


def _escaped(text: str) -> str:
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
