"""Every failure as ntfy's clients read it: `{"code":40008,"http":400,"error":"…"}`, with its own numbers."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from enum import Enum

from aiohttp import web

from watcher.errors import CapReachedError, PushError, WatcherError
from watcher.web.middleware.bodies import ClientLeftError
from watcher.web.middleware.guard import Handler
from watcher.web.middleware.headers import ADVICE

_log = logging.getLogger(__name__)


class Failure(Enum):
    """What can be wrong: the number, which begins with the HTTP status, and the words."""

    BAD_REQUEST = (40000, "invalid request")
    EMAIL = (40001, "invalid request: e-mail notifications are not enabled")
    DELAY = (40004, "invalid request: messages cannot be scheduled here")
    PRIORITY = (40007, "invalid request: priority invalid")
    SINCE = (40008, "invalid request: since parameter invalid")
    TOPIC = (40009, "invalid request: topic invalid")
    ATTACHMENT_LINK = (40013, "invalid request: attachment URL is invalid")
    ATTACHMENT = (40014, "invalid request: attachments not allowed")
    NO_WEBSOCKET = (40016, "invalid request: client not using the websocket protocol")
    JSON = (40024, "invalid request: request body must be valid JSON")
    CALL = (40032, "invalid request: phone calls are not enabled")
    TEMPLATE = (40043, "invalid request: templates are not rendered here")
    UNAUTHORIZED = (40101, "unauthorized")
    FORBIDDEN = (40301, "forbidden")
    NOT_FOUND = (40401, "page not found")
    NO_TOPIC = (40402, "topic not found")
    OUR_PAGE = (40403, "a page of this server has that name")
    TIMEOUT = (40800, "the body did not arrive in time")
    TOO_LARGE = (41301, "invalid request: the message is too large")
    COMPRESSED = (41501, "invalid request: compressed bodies are not supported")
    TOO_MANY_REQUESTS = (42901, "limit reached: too many requests")
    TOO_MANY_CONNECTIONS = (50301, "too many connections are open, try again later")
    TRANSFER_CODING = (50101, "invalid request: transfer coding not supported")
    SERVER = (50001, "internal server error, try again later")
    BUSY = (50300, "the server is busy, try again later")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value[0] // 100


_OF_STATUS = {
    401: Failure.UNAUTHORIZED,
    403: Failure.FORBIDDEN,
    404: Failure.NOT_FOUND,
    405: Failure.NOT_FOUND,
    408: Failure.TIMEOUT,
    413: Failure.TOO_LARGE,
    415: Failure.COMPRESSED,
    501: Failure.TRANSFER_CODING,
    429: Failure.TOO_MANY_REQUESTS,
    503: Failure.BUSY,
}


class NtfyError(Exception):
    """A request that cannot be carried out, as it is answered."""

    def __init__(self, failure: Failure, detail: str = "", *, headers: Mapping[str, str] | None = None) -> None:
        """`detail`: what went wrong this time, for people; empty: the failure says it all."""
        super().__init__(detail)
        self.failure = failure
        self.detail = detail
        self.headers = headers or {}


def in_words_of_ntfy(handler: Handler) -> Handler:
    """Return the handler with each failure answered as ntfy's clients read it. None passes."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ClientLeftError:
            raise
        except NtfyError as error:
            return _answer(error.failure, error.detail, error.headers)
        except CapReachedError as error:
            return _answer(Failure.TOO_MANY_REQUESTS, str(error))
        except PushError as error:
            return _answer(Failure.BAD_REQUEST, str(error))
        except web.HTTPException as problem:
            if problem.status < 400:
                raise
            return answer_as_ntfy(problem)
        except WatcherError as error:  # it says itself what is wrong: a full disk meets every caller
            _log.error("%s for an app of ntfy's failed: %s", request.method, error)
        except Exception:
            _log.exception("%s for an app of ntfy's failed", request.method)
        return _answer(Failure.SERVER)

    return handle


def answer_as_ntfy(problem: web.HTTPException) -> web.Response:
    """Return the answer to what is wrong with a request as such."""
    failure = _OF_STATUS.get(problem.status, Failure.BAD_REQUEST)
    detail = (problem.text or "") if problem.status in (429, 503) else ""
    headers = {name: problem.headers[name] for name in ADVICE if name in problem.headers}
    return _answer(failure, detail or (problem.reason if failure is Failure.BAD_REQUEST else ""), headers)


def _answer(failure: Failure, detail: str = "", headers: Mapping[str, str] | None = None) -> web.Response:
    number, words = failure.value
    said = {"code": number, "http": failure.status, "error": f"{words}: {detail}" if detail else words}
    body = json.dumps(said, ensure_ascii=False).encode(errors="replace") + b"\n"
    challenge = {"WWW-Authenticate": 'Basic realm="ntfy"'} if failure is Failure.UNAUTHORIZED else {}
    return web.Response(
        status=failure.status,
        body=body,
        headers={"Content-Type": "application/json", "Cache-Control": "no-store", **challenge, **(headers or {})},
    )
