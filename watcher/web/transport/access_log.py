"""What is logged of a request: never a query, for WxPusher's GET route carries the token there."""

from __future__ import annotations

import logging

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.http_exceptions import HttpProcessingError

from watcher.core.masking import masked_path
from watcher.web.transport.client import CLIENT


class AccessLog(AbstractAccessLogger):
    """
    One line a request: who, what, status, bytes, milliseconds.

    A malformed request never reaches the application, so there is no `request.app` here, and no client but the peer.
    """

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        query = "?…" if request.query_string else ""
        self.logger.info(
            "%s %s %s%s %d %d B %.1f ms",
            request.get(CLIENT, request.remote),
            request.method,
            masked_path(request.path),
            query,
            response.status,
            response.body_length,
            time * 1000,
        )


def without_raw_request(record: logging.LogRecord) -> bool:
    """
    Let the record through, without the bytes of a request that could not be parsed.

    aiohttp logs a malformed request line as a traceback that quotes it, token and all, and so a body that is not what
    its headers say, which it meets once more when it reads what nobody read.
    """
    if record.exc_info and isinstance(record.exc_info[1], (HttpProcessingError, web.RequestPayloadError)):
        record.exc_info = None
        record.levelno, record.levelname = logging.INFO, "INFO"
        record.msg = f"{record.msg}: not an HTTP request"
    return True
