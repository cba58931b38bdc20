"""
Every failure of our own API as problem details (RFC 9457).

A type is for programs and stays as it is; `title` and `detail` are for people. docs/api.md lists the types.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Annotated, ClassVar, Final, TypeVar

from aiohttp import web
from pydantic import Field

from watcher.errors import CapReachedError, ConflictError, KeyReusedError, PushError, WatcherError
from watcher.web.api.v1.models import Response, example
from watcher.web.middleware.bodies import ClientLeftError
from watcher.web.middleware.guard import Handler, path_of
from watcher.web.middleware.headers import ADVICE

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_PREFIX: Final = "/api/v1/"
_ENVELOPED: Final = "/api/v1/inbox"
"""Older than the rest: it answers in WxPusher's envelope."""
_MAX_DETAIL_CHARS: Final = 500


class ProblemType(Enum):
    """What kind of failure it is: its name for programs, its status, and its title, which are always the same."""

    MALFORMED_BODY = ("malformed-body", 400, "The body is not JSON")
    MISSING_TOKEN = ("missing-token", 401, "A token is needed")
    INVALID_TOKEN = ("invalid-token", 401, "Nobody has this token")
    INSUFFICIENT_SCOPE = ("insufficient-scope", 403, "The token may not do this")
    NOT_FOUND = ("not-found", 404, "Nothing is there for this token")
    METHOD_NOT_ALLOWED = ("method-not-allowed", 405, "The address does not take this method")
    BODY_TIMEOUT = ("body-timeout", 408, "The body did not arrive in time")
    CONFLICT = ("conflict", 409, "It does not go with how things stand")
    CURSOR_GONE = ("cursor-gone", 410, "What followed this cursor is gone")
    BODY_TOO_LARGE = ("body-too-large", 413, "The body is too large")
    UNSUPPORTED_MEDIA_TYPE = ("unsupported-media-type", 415, "The body is not application/json")
    INVALID_REQUEST = ("invalid-request", 422, "The request is not valid")
    NO_RECEIVER = ("no-receiver", 422, "No receiver is good")
    IDEMPOTENCY_KEY_REUSED = ("idempotency-key-reused", 422, "The idempotency key was used before")
    REFUSED = ("refused", 422, "The request is refused")
    TOO_MANY_REQUESTS = ("too-many-requests", 429, "Too many calls")
    SERVER_ERROR = ("server-error", 500, "The server failed")
    OVERLOADED = ("overloaded", 503, "The server has no memory for more bodies now")

    @property
    def uri(self) -> str:
        """What stands in `type`."""
        return f"urn:problem-type:watcher:{self.value[0]}"

    @property
    def status(self) -> int:
        """The HTTP status that comes with it."""
        return self.value[1]

    @property
    def title(self) -> str:
        """What it is, for people."""
        return self.value[2]


_OF_STATUS: Final = {
    kind.status: kind
    for kind in ProblemType
    if kind.status in (404, 405, 408, 413, 415, 429, 503)  # those that others raise, each of one kind
}
_DETAILS: Final = {
    404: "there is nothing at this address for this token",
    405: "this address does not take this method",
    408: "the body did not arrive in time",
    413: "the body is over 1 MB",
}


class WrongMember(Response):
    """One thing that is wrong with a request: a member of its body (`pointer`), or a parameter (`parameter`)."""

    detail: Annotated[str, Field(description="What is wrong with it.")]
    pointer: Annotated[
        str | None,
        Field(description="Of the body: a JSON pointer as a URI fragment (RFC 6901 §6), like `#/topic_ids/0`."),
    ] = None
    parameter: Annotated[str | None, Field(description="Of the path, the query or the headers: its name.")] = None


class Problem(Response):
    """Why a request failed (RFC 9457)."""

    model_config = example(
        type=ProblemType.INVALID_REQUEST.uri,
        title=ProblemType.INVALID_REQUEST.title,
        status=422,
        detail="#/name: at most 500 characters",
        errors=[{"detail": "at most 500 characters", "pointer": "#/name", "parameter": None}],
    )
    media_type: ClassVar[str] = "application/problem+json"

    type: Annotated[str, Field(description="For programs: what kind of failure it is. Stays the same for good.")]
    title: Annotated[str, Field(description="The same for each failure of this type.")]
    status: int
    detail: Annotated[str, Field(description="What went wrong this time, for people.")]
    errors: list[WrongMember] = Field(default=[], description="What is wrong with the request, at most 20.")


class ProblemError(Exception):
    """A request that cannot be carried out, as it is answered."""

    def __init__(
        self,
        kind: ProblemType,
        detail: str,
        *,
        errors: Sequence[WrongMember] = (),
        challenge: str | None = None,
    ) -> None:
        """
        Args:
            challenge: parameters of WWW-Authenticate (RFC 6750 §3).
        """
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.challenge = challenge


def speaks_problems(request: web.Request) -> bool:
    """Return whether this address is of our own API."""
    path = path_of(request)
    return path.startswith(_PREFIX) and path.rstrip("/") != _ENVELOPED


async def answer_with_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Return the handler's answer, or the problem that it raised. No failure passes."""
    try:
        return await handler(request)
    except ClientLeftError:
        raise
    except ProblemError as error:
        headers = {} if error.challenge is None else {"WWW-Authenticate": error.challenge}
        return _answer(error.kind, error.detail, error.errors, headers)
    except CapReachedError as error:
        headers = {"Retry-After": str(math.ceil(error.retry_after.total_seconds()))}
        return _answer(ProblemType.TOO_MANY_REQUESTS, str(error), headers=headers)
    except PushError as error:
        return _answer(_kind_of(error), str(error), _errors_of(request, error))
    except web.HTTPException as problem:
        if problem.status < 400:
            raise
        return _answer_of_status(problem)
    except WatcherError as error:  # it says itself what is wrong: a full disk meets every caller
        _log.error("%s %s failed: %s", request.method, request.match_info.route.name or request.path, error)
    except Exception:
        _log.exception("%s failed", request.method)
    return _answer(ProblemType.SERVER_ERROR, "the server failed; try again later")


def known(found: _T | None) -> _T:
    """Return what was found. Raises ProblemError (404) for None: there is nothing, or nothing of the caller's."""
    if found is None:
        raise missing()
    return found


def missing() -> ProblemError:
    """Return the answer for what is missing, which what belongs to another application gets as well."""
    return ProblemError(ProblemType.NOT_FOUND, _DETAILS[404])


def missing_in(where: str, what: str) -> ProblemError:
    """Return the same for something that a member or a parameter names. `where`: as of `wrong_member`."""
    return wrong_member(where, f"there is no {what} for this token", kind=ProblemType.NOT_FOUND)


def wrong_member(where: str, detail: str, *, kind: ProblemType = ProblemType.INVALID_REQUEST) -> ProblemError:
    """
    Return the answer for one member or parameter with which only the service found fault.

    Args:
        where: a member of the body as a pointer, `#/topic_ids/0`; a parameter by its name.
    """
    return ProblemError(kind, f"{where}: {detail}", errors=[located(where, detail)])


def located(where: str, detail: str) -> WrongMember:
    """Return what is wrong with a member or a parameter. `where`: as of `wrong_member`."""
    return (
        WrongMember(detail=detail, pointer=where)
        if where.startswith("#")
        else WrongMember(detail=detail, parameter=where)
    )


def sound(text: str, most: int = _MAX_DETAIL_CHARS) -> str:
    """Return a text that can be sent: names of unknown members are the caller's."""
    return text[:most].encode(errors="replace").decode()


def _kind_of(error: PushError) -> ProblemType:
    match error:
        case KeyReusedError():
            return ProblemType.IDEMPOTENCY_KEY_REUSED
        case ConflictError():
            return ProblemType.CONFLICT
    return ProblemType.REFUSED


def _errors_of(request: web.Request, error: PushError) -> Sequence[WrongMember]:
    """Return the field that an error of the push service names."""
    if not error.field:
        return []
    is_parameter = error.field in request.match_info or error.field in request.headers
    return [located(error.field if is_parameter else f"#/{error.field}", sound(error.detail))]


def _answer_of_status(problem: web.HTTPException) -> web.Response:
    """Answer what aiohttp and the middlewares raise."""
    if problem.status in (429, 503):
        detail = problem.text or problem.reason
    else:
        detail = _DETAILS.get(problem.status, problem.reason)
    headers = {name: problem.headers[name] for name in ADVICE if name in problem.headers}
    kind = _OF_STATUS.get(problem.status)
    if kind is not None:
        return _answer(kind, detail, headers=headers)
    # RFC 9457 §4.2.1: the status says all that there is to say.
    return _sent(Problem(type="about:blank", title=problem.reason, status=problem.status, detail=detail), headers)


def _answer(
    kind: ProblemType, detail: str, errors: Sequence[WrongMember] = (), headers: Mapping[str, str] | None = None
) -> web.Response:
    problem = Problem(
        type=kind.uri, title=kind.title, status=kind.status, detail=sound(detail, 1_000), errors=[*errors]
    )
    return _sent(problem, headers or {})


def _sent(problem: Problem, headers: Mapping[str, str]) -> web.Response:
    return web.Response(
        status=problem.status,
        text=problem.model_dump_json(),
        content_type=Problem.media_type,
        headers={"Cache-Control": "no-store", **headers},
    )
