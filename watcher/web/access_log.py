"""What is logged of a request: never a query, for WxPusher's GET route carries the token there."""

from __future__ import annotations

import logging
import re

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.http_exceptions import HttpProcessingError

_TOKEN = re.compile(r"\b(AT|SPT|WT)_\w+")


def masked(text: str) -> str:
    """Return the text with everything that looks like a token cut down to its prefix."""
    return _TOKEN.sub(r"\1_***", text)


class AccessLog(AbstractAccessLogger):
    """One line a request: who, what, status, bytes, milliseconds."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line."""
        query = "?…" if request.query_string else ""
        self.logger.info(
            "%s %s %s%s %d %d B %.1f ms",
            request.remote,
            request.method,
            masked(request.path),
            query,
            response.status,
            response.body_length,
            time * 1000,
        )


def without_raw_request(record: logging.LogRecord) -> bool:
    """
    Let the record through, without the bytes of a request that could not be parsed.

    aiohttp logs a malformed request line as a traceback that quotes it, token and all.
    """
    if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
        record.exc_info = None
        record.levelno, record.levelname = logging.INFO, "INFO"
        record.msg = f"{record.msg}: not an HTTP request"
    return True
