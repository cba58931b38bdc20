"""
One operation of the API: who may, what it takes, what it gives, and what does it.

A request passes, in this order: the token (401), its rate (429), its scope (403), the parameters (404 in the path,
else 422), the body (415, 400, 422). The same models make the document.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from aiohttp import web
from msgspec import Struct
from pydantic import BaseModel, ValidationError

from watcher.core.access import Caller, Scope
from watcher.push.service import PushService
from watcher.web.api.v1.problem import ProblemError, invalid, missing, missing_in
from watcher.web.api.v1.requests import Nothing, Request
from watcher.web.bodies import read_body
from watcher.web.guard import Handler
from watcher.web.limits import count_address, count_caller
from watcher.web.settings import SERVICE, SETTINGS, WebSettings

P = TypeVar("P", bound=Request)
B = TypeVar("B", bound=Request)
A = TypeVar("A", bound=BaseModel)

BASE: Final = "/api/v1"
_MAX_FIELDS: Final = 100
_fields: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_REALM: Final = 'Bearer realm="watcher"'


class Call(Struct, Generic[P, B], frozen=True, kw_only=True):
    """One request, checked: who asks, and for what."""

    service: PushService
    settings: WebSettings
    caller: Caller
    params: P
    body: B
    path: str
    query: Mapping[str, str]

    def app_id(self, asked: int | None, field: str = "app") -> int | None:
        """
        Return the one application that this call may see or change; None: all.

        Raises ProblemError (404) for another one than the caller's: it is as if it were not there.
        """
        own = self.caller.app_id
        if own is not None and asked not in (None, own):
            raise missing_in(field, f"application {asked}")
        return asked if own is None else own

    def link_after(self, cursor: int | str) -> str:
        """Return the address of the page after this one."""
        return self.settings.link(f"{self.path}?{urlencode({**self.query, 'after': cursor})}")


class Told(Struct, Generic[A], frozen=True, kw_only=True):
    """An answer with headers of its own."""

    answer: A
    headers: Mapping[str, str]


class Operation(Struct, frozen=True, kw_only=True):
    """
    One operation, as it is routed and documented.

    Attributes:
        path: below `/api/v1`.
        description: what the summary leaves open; may be empty.
        scope: None for the inbox, which a device's cookie opens.
        is_global: it concerns no single application, so a token of one may not.
        answer: None: 204, without a body.
        headers: that a good answer may have.
    """

    method: str
    path: str
    summary: str
    description: str
    scope: Scope | None
    is_global: bool
    params: type[Request]
    body: type[Request] | None
    answer: type[BaseModel] | None
    headers: Mapping[str, str]
    status: int
    handle: Handler

    @property
    def tag(self) -> str:
        """What it is about: the first part of its path."""
        return self.path.split("/")[1]


def operation(
    method: str,
    path: str,
    summary: str,
    scope: Scope,
    work: Callable[[Call[P, B]], Awaitable[A | Told[A] | None]],
    *,
    params: type[P],
    body: type[B],
    answer: type[A] | None,
    is_global: bool = False,
    sends: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Operation:
    """
    Return an operation that does `work`, whose docstring callers read, for whom it is allowed.

    `body` is `Nothing` where none is read. `sends`: its calls count as sends. `headers`: what each that a good answer
    may have is for.
    """
    status = 204 if answer is None else 201 if method == "POST" else 200

    async def handle(request: web.Request) -> web.StreamResponse:
        caller = await _caller(request, sends=sends)
        _refuse_strangers(caller, scope, is_global=is_global)
        call = Call(
            service=request.app[SERVICE],
            settings=request.app[SETTINGS],
            caller=caller,
            params=_params(request, params),
            body=await _body(request, body),
            path=request.path,
            query=dict(request.query),
        )
        said = await work(call)
        if isinstance(said, Told):
            return _response(said.answer, status, said.headers)
        return _response(said, status, {})

    return Operation(
        method=method,
        path=path,
        summary=summary,
        description=inspect.getdoc(work) or "",
        scope=scope,
        is_global=is_global,
        params=params,
        body=None if body is Nothing else body,
        answer=answer,
        headers=headers or {},
        status=status,
        handle=handle,
    )


async def _caller(request: web.Request, *, sends: bool) -> Caller:
    """Return who calls, with this call counted. Cookies are not looked at."""
    settings = request.app[SETTINGS]
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    is_bearer = scheme.lower() == "bearer"
    caller = await request.app[SERVICE].access.caller(secret.strip()) if is_bearer else None
    if caller is None:
        count_address(request, "wrong token", settings.address_calls)
        if not is_bearer:
            raise ProblemError(401, "send `Authorization: Bearer WT_…`", challenge=_REALM)
        raise ProblemError(401, "nobody has this token", challenge=f'{_REALM}, error="invalid_token"')
    is_app = caller.key.startswith("app ")
    # An application has one budget of each kind, whichever API it uses.
    if is_app and caller.app_id is not None and sends:
        count_caller(request, "app", caller.app_id, settings.app_calls)
    elif is_app and caller.app_id is not None:
        count_caller(request, "app asks", caller.app_id, settings.app_questions)
    else:
        count_caller(request, "token", caller.key, settings.address_calls)
    return caller


def _refuse_strangers(caller: Caller, scope: Scope, *, is_global: bool) -> None:
    if scope not in caller.scopes:
        why = f"this token lacks the scope {scope}"
    elif is_global and caller.app_id is not None:
        why = f"this token is for application {caller.app_id} alone"
    else:
        return
    raise ProblemError(403, why, challenge=f'{_REALM}, error="insufficient_scope", scope="{scope}"')


def _params(request: web.Request, model: type[P]) -> P:
    """Return the parameters: of the path, the query, and those headers that the model names."""
    names = _header_names(model)
    query = {name: value for name, value in request.query.items() if name not in names}
    headers = {name: request.headers[name] for name in names if name in request.headers}
    try:
        return model.model_validate({**query, **headers, **request.match_info})
    except ValidationError as error:
        if any(each["loc"][:1] == (name,) for each in error.errors() for name in request.match_info):
            raise missing() from error
        raise invalid(error, inside="query") from error


def _header_names(model: type[Request]) -> list[str]:
    return [field.alias for field in model.model_fields.values() if field.alias is not None]


async def _body(request: web.Request, model: type[B]) -> B:
    if model is Nothing:
        return model()
    if request.content_type != "application/json":
        raise ProblemError(415, "send the body as application/json")
    await read_body(request)
    body = await request.read()
    _refuse_many_fields(body)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error, inside="body") from error


def _refuse_many_fields(body: bytes) -> None:
    """Refuse a body each of whose thousands of unknown fields would be an error of its own."""
    try:
        fields = len(_fields.decode(body))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return  # the model says what is wrong with it
    if fields > _MAX_FIELDS:
        raise ProblemError(422, f"body: {fields} fields; at most {_MAX_FIELDS}")


def _response(answer: BaseModel | None, status: int, more: Mapping[str, str]) -> web.Response:
    headers = {"Cache-Control": "no-store", **more}
    if answer is None:
        return web.Response(status=status, headers=headers)
    return web.Response(status=status, text=answer.model_dump_json(), content_type="application/json", headers=headers)
