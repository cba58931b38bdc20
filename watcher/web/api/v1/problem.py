"""Every failure of our own API as problem details (RFC 9457)."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import ClassVar, Final, TypeVar

from aiohttp import web
from pydantic import Field, ValidationError

from watcher.errors import PushError, WatcherError
from watcher.web.api.v1.models import Response
from watcher.web.middleware.bodies import ClientLeftError
from watcher.web.middleware.guard import Handler, path_of

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_PREFIX: Final = "/api/v1/"
_ENVELOPED: Final = "/api/v1/inbox"
"""Older than the rest: it answers in WxPusher's envelope."""
_MAX_ERRORS: Final = 20
_MAX_FIELD_CHARS: Final = 100
_NAMED: Final = re.compile(r"([A-Za-z_-]{1,40}): (.*)", re.DOTALL)
_DETAILS: Final = {
    404: "there is nothing at this address for this token",
    405: "this address does not take this method",
    408: "the body did not arrive in time",
    413: "the body is over 1 MB",
}


class FieldProblem(Response):
    """What is wrong with one field."""

    field: str
    problem: str


class Problem(Response):
    """Why a request failed (RFC 9457)."""

    media_type: ClassVar[str] = "application/problem+json"

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = Field(default=[], description="The fields that are wrong, at most 20.")


class ProblemError(Exception):
    """A request that cannot be carried out, as it is answered."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        challenge: str | None = None,
    ) -> None:
        """
        Args:
            challenge: parameters of WWW-Authenticate (RFC 6750 §3).
        """
        super().__init__(detail)
        self.status = status
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
        return _answer(error.status, error.detail, error.errors, _challenge(error))
    except PushError as error:
        return _answer(422, str(error), _errors_of_text(str(error)))
    except web.HTTPException as problem:
        if problem.status < 400:
            raise
        return _answer(problem.status, _detail(problem), headers=_kept(problem))
    except WatcherError as error:  # it says itself what is wrong: a full disk meets every caller
        _log.error("%s %s failed: %s", request.method, request.match_info.route.name or request.path, error)
    except Exception:
        _log.exception("%s failed", request.method)
    return _answer(500, "the server failed; try again later")


def known(found: _T | None) -> _T:
    """Return what was found. Raises ProblemError (404) for None: there is nothing, or nothing of the caller's."""
    if found is None:
        raise missing()
    return found


def missing() -> ProblemError:
    """Return the answer for what is missing, which what belongs to another application gets as well."""
    return ProblemError(404, _DETAILS[404])


def missing_in(field: str, what: str) -> ProblemError:
    """Return the same for something that a field names."""
    return wrong_field(field, f"there is no {what} for this token", status=404)


def wrong_field(field: str, problem: str, *, status: int = 422) -> ProblemError:
    """Return the answer for one field with which only the service found fault."""
    return ProblemError(status, f"{field}: {problem}", errors=[FieldProblem(field=field, problem=problem)])


def invalid(error: ValidationError, *, inside: str = "") -> ProblemError:
    """
    Return what is wrong with each field.

    Args:
        inside: of what part of the request, for its beginning is not always a field.
    """
    found = error.errors(include_url=False, include_input=False, include_context=False)[:_MAX_ERRORS]
    errors = [
        FieldProblem(
            field=_sound(".".join(map(str, each["loc"]))) or inside,
            problem=_sound(each["msg"].removeprefix("Value error, "), 500),
        )
        for each in found
    ]
    if any(each["type"] == "json_invalid" for each in found):
        return ProblemError(400, "the body is not JSON", errors=errors)
    return ProblemError(422, f"{errors[0].field}: {errors[0].problem}", errors=errors)


def _sound(text: str, most: int = _MAX_FIELD_CHARS) -> str:
    """Return a text that can be sent: names of unknown fields are the caller's."""
    return text[:most].encode(errors="replace").decode()


def _errors_of_text(text: str) -> Sequence[FieldProblem]:
    """Return the field that an error of the push service names at its beginning."""
    named = _NAMED.fullmatch(text)
    return [FieldProblem(field=named[1], problem=_sound(named[2], 500))] if named else []


def _detail(problem: web.HTTPException) -> str:
    if problem.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return problem.text or problem.reason
    return _DETAILS.get(problem.status, problem.reason)


def _kept(problem: web.HTTPException) -> dict[str, str]:
    return {name: problem.headers[name] for name in ("Retry-After", "Allow") if name in problem.headers}


def _challenge(error: ProblemError) -> dict[str, str]:
    return {} if error.challenge is None else {"WWW-Authenticate": error.challenge}


def _answer(
    status: int, detail: str, errors: Sequence[FieldProblem] = (), headers: dict[str, str] | None = None
) -> web.Response:
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=_sound(detail, 1_000), errors=[*errors])
    return web.Response(
        status=status,
        text=problem.model_dump_json(),
        content_type=Problem.media_type,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
