"""Every failure becomes an answer here: an envelope for programs, a small page for people, never a traceback."""

from __future__ import annotations

import logging
import math

from aiohttp import web

from watcher.core.masking import masked_path
from watcher.errors import CapReachedError, PushError, WatcherError
from watcher.web.api import envelope
from watcher.web.api.v1.problem import answer_with_problems, speaks_problems
from watcher.web.console.login import login_page
from watcher.web.middleware.bodies import ClientLeftError
from watcher.web.middleware.guard import Handler, path_of, speaks_envelope, speaks_ntfy
from watcher.web.middleware.headers import ADVICE
from watcher.web.ntfy.problem import answer_as_ntfy
from watcher.web.pages.view import render
from watcher.web.sessions.account import is_of_console

_log = logging.getLogger(__name__)


@web.middleware
async def answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what the handlers raise."""
    if speaks_problems(request):
        return await answer_with_problems(request, handler)
    try:
        return await handler(request)
    except ClientLeftError:
        raise
    except web.HTTPException as problem:
        if problem.status < 400:
            raise
        if speaks_ntfy(request):
            return answer_as_ntfy(problem)
        return _envelope(request, problem) if speaks_envelope(request) else await _problem_page(request, problem)
    except CapReachedError as error:
        return _full(request, error)
    except PushError as error:
        return envelope.failed(error.code, str(error)) if speaks_envelope(request) else _page(request, 400)
    except WatcherError as error:  # it says itself what is wrong: a full disk meets every sender
        where = request.match_info.route.name or masked_path(request.path)
        _log.error("%s %s failed: %s", request.method, where, error)
        code = envelope.DATA
    except Exception:
        _log.exception("%s failed", request.method)
        code = envelope.UNKNOWN
    return (
        envelope.failed(code, "服务异常，请稍后再试 · the server failed; try again later")
        if speaks_envelope(request)
        else _page(request, 500)
    )


def _envelope(request: web.Request, problem: web.HTTPException) -> web.Response:
    match problem.status:
        case 429:
            return _too_many(request, problem)
        case 401:
            return envelope.failed(envelope.NOT_LOGGED_IN, "未登录 · no device is known by this cookie")
        case 404 | 405:
            return envelope.failed(envelope.NO_SUCH_ROUTE, "接口不存在 · no such route")
        case 408:
            return envelope.failed(envelope.MALFORMED, "请求体超时 · the body did not arrive in time")
        case 413:
            return envelope.failed(envelope.REFUSED, "请求体过大 · the body is over 1 MB")
        case 415:
            return _keep_advice(envelope.failed(envelope.MALFORMED, problem.text or problem.reason), problem)
        case 501:
            answer = envelope.failed(envelope.MALFORMED, problem.reason)
            answer.set_status(501)
            return answer
        case 503:
            return _too_busy(problem)
        case _:
            return envelope.failed(envelope.MALFORMED, problem.reason)


def _too_many(request: web.Request, problem: web.HTTPException) -> web.Response:
    """Answer as WxPusher's clients expect, by a code; our own routes by the HTTP status as well."""
    answer = envelope.failed(envelope.REFUSED, problem.text or problem.reason)
    answer.headers["Retry-After"] = problem.headers["Retry-After"]
    if path_of(request).startswith("/api/v1/"):
        answer.set_status(429)
    return answer


def _full(request: web.Request, error: CapReachedError) -> web.Response:
    """Answer that strangers made too many today: what there is goes on, so only this one thing waits."""
    full = envelope.failed(error.code, str(error)) if speaks_envelope(request) else _page(request, 503, kind="cap")
    full.headers["Retry-After"] = str(math.ceil(error.retry_after.total_seconds()))
    return full


def _too_busy(problem: web.HTTPException) -> web.Response:
    """Answer with the HTTP status as well: it says nothing of what was asked, and clients try again."""
    answer = envelope.failed(envelope.UNKNOWN, problem.text or problem.reason)
    answer.set_status(problem.status)
    return _keep_advice(answer, problem)


async def _problem_page(request: web.Request, problem: web.HTTPException) -> web.Response:
    if problem.status == 401 and is_of_console(request.path):
        return await login_page(request, status=401, wrong="login_over")
    return _keep_advice(_page(request, problem.status), problem)


def _keep_advice(answer: web.Response, problem: web.HTTPException) -> web.Response:
    answer.headers.update({name: problem.headers[name] for name in ADVICE if name in problem.headers})
    return answer


def _page(request: web.Request, status: int, *, kind: str = "") -> web.Response:
    known = {401, 403, 404, 429, 500, 503}
    return render(request, "problem.html", status=status, kind=kind or str(status if status in known else 400))
