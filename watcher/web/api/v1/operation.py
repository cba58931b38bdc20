"""
One operation of the API: who may call it, what it takes and returns, and the function that does it.

A module of the API has a noun: the models of its requests and responses, and its operations, each a function

    @operations.add("PATCH", "/topics/{topic_id}", Scope.TOPICS_WRITE)
    async def edit_topic(call: Call, params: TopicPath, body: TopicChanges) -> Topic:

whose annotations say which models check a request and make the document. `params` are those of the path, the query
and the headers; a function without `params` or `body` takes none; what returns None is answered with 204.

A request passes, in this order: the token (401), its rate (429), its scope (403), the parameters (404 in the path,
else 422), the body (415, 400, 422).
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeVar, get_type_hints
from urllib.parse import urlencode

import msgspec
from aiohttp import web
from msgspec import Struct
from pydantic import ValidationError

from watcher.core.access import Caller, Scope
from watcher.core.caps import Made
from watcher.core.protocols import WatchReader
from watcher.core.push import App
from watcher.core.settings import Settings
from watcher.push.actor import acting
from watcher.push.channels.offered import Channels
from watcher.push.service import PushService
from watcher.web.api.v1.invalid import invalid_body, invalid_parameters
from watcher.web.api.v1.models import NoParams, Request, Response
from watcher.web.api.v1.problem import ProblemError, ProblemType, missing, missing_in
from watcher.web.keys import CHANNELS, SERVICE, SETTINGS, WATCHES
from watcher.web.middleware.bodies import read_body
from watcher.web.middleware.guard import Handler
from watcher.web.middleware.limits import count_address, count_caller, count_making

M = TypeVar("M", bound=Request)
F = TypeVar("F", bound=Callable[..., Awaitable[Response | None]])

BASE: Final = "/api/v1"
_MAX_FIELDS: Final = 100
_fields: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_REALM: Final = 'Bearer realm="watcher"'


class Call(Struct, frozen=True, kw_only=True):
    """
    One request beside its parameters and its body: who asks, and whom to ask.

    Attributes:
        response_headers: that a good answer gets; empty at first.
        count_making: counts what an owner makes for the account, which may make as many as an address of strangers.
            Raises HTTPTooManyRequests.
    """

    service: PushService
    settings: Settings
    watches: WatchReader
    channels: Channels
    caller: Caller
    path: str
    query: Mapping[str, str]
    response_headers: dict[str, str]
    count_making: Callable[[Made], object]

    @property
    def is_owners(self) -> bool:
        """True for a token of an owner, or of an application of one: what is the operator's alone is left out."""
        return self.caller.account_id is not None

    def app_id(self, asked: int | None, where: str = "app") -> int | None:
        """
        Return the one application that this call may see or change; None: all.

        Raises ProblemError (404) for another one than the caller's: it is as if it were not there.
        """
        own = self.caller.app_id
        if own is not None and asked not in (None, own):
            raise missing_in(where, f"application {asked}")
        return asked if own is None else own

    async def app(self, app_id: int, where: str) -> App:
        """
        Return the application that a member of the body names.

        Args:
            where: its pointer, `#/app_id`.

        Raises:
            ProblemError (404): there is none for this caller.
        """
        self.app_id(app_id, where)
        app = await self.service.apps.of_id(app_id)
        if app is None:
            raise missing_in(where, f"application {app_id}")
        return app

    def link_after(self, cursor: int | str) -> str:
        """Return the address of the page after this one."""
        return self.settings.link(f"{self.path}?{urlencode({**self.query, 'after': cursor})}")


class Operation(Struct, frozen=True, kw_only=True):
    """
    One operation, as it is routed and documented.

    Attributes:
        id: what generated clients call it.
        path: below `/api/v1`.
        description: what its summary in the translations (`operation_…`) leaves open; may be empty.
        scope: None for the inbox, which a device's cookie opens.
        is_global: it concerns no single application, so a token of one may not.
        may_miss: something that a request names may not be there (404).
        may_conflict: it may not go with how things stand (409).
        may_be_gone: what a cursor leads to may be there no more (410).
        response: None: 204, without a body.
        headers: that a good answer may have, and what each is for.
        location: of what it makes, below `/api/v1`, by the names of the response's fields; None: it makes nothing that
            has an address.
        status: of a good answer.
    """

    id: str
    method: str
    path: str
    description: str
    scope: Scope | None
    is_global: bool = False
    may_miss: bool = False
    may_conflict: bool = False
    may_be_gone: bool = False
    params: type[Request]
    body: type[Request] | None = None
    response: type[Response] | None
    headers: Mapping[str, str] = {}
    location: str | None = None
    status: int
    handle: Handler

    @property
    def tag(self) -> str:
        """What it is about: the first part of its path."""
        return self.path.split("/")[1]


class Operations:
    """The operations of one noun, in the order of the document."""

    def __init__(self) -> None:
        self._all: list[Operation] = []

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._all)

    def add(
        self,
        method: str,
        path: str,
        scope: Scope,
        *,
        is_global: bool = False,
        may_miss: bool = False,
        may_conflict: bool = False,
        may_be_gone: bool = False,
        sends: bool = False,
        headers: Mapping[str, str] | None = None,
        location: str | None = None,
    ) -> Callable[[F], F]:
        """
        Make an operation of the function below, whose docstring callers read, and whose name is its id.

        Its summary is the text `operation_` + id of the translations.

        Args:
            is_global: it concerns no single application, so a token of one may not.
            may_miss: what its query or its body names may not be there (404), as what its path names.
            may_conflict: it may not go with how things stand (409).
            may_be_gone: what a cursor leads to may be there no more (410).
            sends: its calls count as sends.
            headers: that a good answer may have, and what each is for.
            location: of what it makes, such as `/topics/{id}`, filled in from the response: the answer is 201 then.
        """

        def register(function: F) -> F:
            models = _models(function)
            response = models["return"]
            status = 204 if response is None else 200 if location is None else 201
            operation = Operation(
                id=function.__name__,
                method=method,
                path=path,
                description=inspect.getdoc(function) or "",
                scope=scope,
                is_global=is_global,
                may_miss=may_miss or "{" in path,
                may_conflict=may_conflict,
                may_be_gone=may_be_gone,
                params=models.get("params", NoParams),
                body=models.get("body"),
                response=response,
                headers=headers or {},
                location=location,
                status=status,
                handle=_handler(function, models, status, scope, is_global=is_global, sends=sends, location=location),
            )
            self._all.append(operation)
            return function

        return register


def _models(function: Callable[..., Awaitable[Response | None]]) -> Mapping[str, Any]:
    """Return the models of the parameters, the body and the response, by what the function calls them."""
    hints = get_type_hints(function)
    if hints.pop("call", None) is not Call or not {"return"} <= hints.keys() <= {"params", "body", "return"}:
        raise TypeError(
            f"{function.__qualname__}: takes `call`, and `params` and `body` if needed, and says what returns"
        )
    return hints | {"return": None if hints["return"] is type(None) else hints["return"]}


def _handler(
    function: Callable[..., Awaitable[Response | None]],
    models: Mapping[str, Any],
    status: int,
    scope: Scope,
    *,
    is_global: bool,
    sends: bool,
    location: str | None,
) -> Handler:
    """Return the handler that checks a request, calls the function and answers."""

    async def handle(request: web.Request) -> web.StreamResponse:
        caller = await _caller(request, sends=sends)
        _refuse_strangers(caller, scope, is_global=is_global)
        checked: dict[str, Request] = {"params": _params(request, models.get("params", NoParams))}
        if "body" in models:
            checked["body"] = await _body(request, models["body"])
        call = Call(
            service=request.app[SERVICE],
            settings=request.app[SETTINGS],
            watches=request.app[WATCHES],
            channels=request.app[CHANNELS],
            caller=caller,
            path=request.path,
            query=dict(request.query),
            response_headers={},
            count_making=partial(count_making, request, account_id=caller.account_id),
        )
        with acting(caller.account_id, caller.key):
            response = await function(call, **{name: model for name, model in checked.items() if name in models})
        if response is not None and location is not None:
            call.response_headers["Location"] = call.settings.link(BASE + location.format(**dict(response)))
        return _response(response, status, call.response_headers)

    return handle


async def _caller(request: web.Request, *, sends: bool) -> Caller:
    """Return who calls, with this call counted. Cookies are not looked at."""
    settings = request.app[SETTINGS]
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    is_bearer = scheme.lower() == "bearer"
    caller = await request.app[SERVICE].tokens.caller(secret.strip()) if is_bearer else None
    if caller is None:
        count_address(request, "wrong token", settings.address_calls)
        if not is_bearer:
            raise ProblemError(ProblemType.MISSING_TOKEN, "send `Authorization: Bearer WT_…`", challenge=_REALM)
        raise ProblemError(
            ProblemType.INVALID_TOKEN, "nobody has this token", challenge=f'{_REALM}, error="invalid_token"'
        )
    is_app = caller.key.startswith("app ")
    # An application has one budget of each kind, whichever API it uses.
    if is_app and caller.app_id is not None and sends:
        count_caller(request, "app", caller.app_id, settings.app_calls)
    elif is_app and caller.app_id is not None:
        count_caller(request, "app asks", caller.app_id, settings.app_questions)
    elif caller.account_id is not None:  # however many tokens they make
        count_caller(request, "account", caller.account_id, settings.address_calls)
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
    raise ProblemError(
        ProblemType.INSUFFICIENT_SCOPE, why, challenge=f'{_REALM}, error="insufficient_scope", scope="{scope}"'
    )


def _params(request: web.Request, model: type[M]) -> M:
    """Return the parameters: of the path, the query, and those headers that the model names."""
    names = [field.alias for field in model.model_fields.values() if field.alias is not None]
    query = {name: value for name, value in request.query.items() if name not in names}
    headers = {name: request.headers[name] for name in names if name in request.headers}
    try:
        return model.model_validate({**query, **headers, **request.match_info})
    except ValidationError as error:
        if any(each["loc"][:1] == (name,) for each in error.errors() for name in request.match_info):
            raise missing() from error
        raise invalid_parameters(error) from error


async def _body(request: web.Request, model: type[M]) -> M:
    if request.content_type != "application/json":
        raise ProblemError(ProblemType.UNSUPPORTED_MEDIA_TYPE, "send the body as application/json")
    await read_body(request)
    body = await request.read()
    _refuse_many_fields(body)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise invalid_body(error) from error


def _refuse_many_fields(body: bytes) -> None:
    """Refuse a body each of whose thousands of unknown fields would be an error of its own."""
    try:
        fields = len(_fields.decode(body))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return  # the model says what is wrong with it
    if fields > _MAX_FIELDS:
        raise ProblemError(ProblemType.INVALID_REQUEST, f"the body has {fields} members; at most {_MAX_FIELDS}")


def _response(response: Response | None, status: int, more: Mapping[str, str]) -> web.Response:
    headers = {"Cache-Control": "no-store", **more}
    if response is None:
        return web.Response(status=status, headers=headers)
    text = response.model_dump_json()
    return web.Response(status=status, text=text, content_type="application/json", headers=headers)
