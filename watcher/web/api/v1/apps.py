"""Applications: shown, made and changed; their secrets, and their callbacks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from watcher.core import callbacks
from watcher.core.access import Scope
from watcher.core.callbacks import CallbackState
from watcher.core.push import App, AppProfile
from watcher.core.settings import Settings
from watcher.web.api.v1.models import (
    BY_NUMBER,
    FROM_FLOAT,
    Address,
    Changes,
    Name,
    Note,
    Order,
    PathId,
    Request,
    Response,
    example,
    example_of_changes,
    shown,
)
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.pagination import Page, PageParams, page_of
from watcher.web.api.v1.problem import known

_MAX_GRACE_SECONDS: Final = 366 * 86_400
operations: Final = Operations()


class AppPath(Request):
    """Which application."""

    app_id: Annotated[PathId, Field(description="Its id.")]


class AppDraft(Request):
    """An application to create."""

    model_config = example(
        name="Backups", contact="ops@example.org", callback_url="https://example.org/watcher-callback"
    )

    name: Name
    contact: Note = ""
    description: Note = ""
    follow_prompt: Note = ""
    callback_url: Address = ""
    settings_url: Address = ""


class AppChanges(Changes):
    """The fields of an application to change; an empty text empties a field."""

    model_config = example_of_changes(follow_prompt="Welcome. Your UID is {UID}.", callback_url="")

    name: Name | None = None
    contact: Note | None = None
    description: Note | None = None
    follow_prompt: Note | None = None
    callback_url: Address | None = None
    settings_url: Address | None = None
    by_number: Annotated[bool | None, Field(description=BY_NUMBER.format(type=1))] = None


class Application(Response):
    """An application, which sends messages."""

    model_config = example(
        id=2,
        name="Backups",
        contact="ops@example.org",
        description="What the backups say",
        follow_prompt="Welcome. Your UID is {UID}.",
        callback_url="https://example.org/watcher-callback",
        settings_url="",
        link="https://push.example.org/a/x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1F",
        by_number=False,
        created_at="2026-11-24T09:30:00Z",
    )

    id: int
    name: str
    contact: str
    description: str
    follow_prompt: Annotated[str, Field(description="Shown to new followers; `{UID}` stands for their UID.")]
    callback_url: Annotated[str, Field(description="Where its callbacks are sent.")]
    settings_url: Annotated[str, Field(description="The application's own settings page.")]
    link: Annotated[str, Field(description="The page on which people follow it; its QR code is at `{link}/qr.svg`.")]
    by_number: Annotated[bool, Field(description="Whether `/wxuser/?type=1&id=…` leads there, too.")]
    created_at: datetime


class NewApplication(Application):
    """A new application with its secrets, which are shown only here."""

    model_config = example(
        id=2,
        name="Backups",
        contact="ops@example.org",
        description="What the backups say",
        follow_prompt="Welcome. Your UID is {UID}.",
        callback_url="https://example.org/watcher-callback",
        settings_url="",
        link="https://push.example.org/a/x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1F",
        by_number=False,
        created_at="2026-11-24T09:30:00Z",
        token="AT_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga",  # noqa: S106  an example
        signing_key="x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga",
    )

    token: Annotated[str, Field(description="Sends messages; `AT_…`.")]
    signing_key: Annotated[str, Field(description="Signs callbacks and links to the settings page.")]


@operations.add("GET", "/apps", Scope.APPS_READ)
async def list_apps(call: Call, params: PageParams) -> Page[Application]:
    """Sorted by id. A token of one application sees only that one."""
    found = await call.service.apps.slice(params.slice(), app_id=call.caller.app_id)
    return page_of(
        call, Page[Application], found, params.limit, lambda app: _application(app, call.settings), lambda app: app.id
    )


@operations.add("POST", "/apps", Scope.APPS_WRITE, is_global=True, location="/apps/{id}")
async def add_app(call: Call, body: AppDraft) -> NewApplication:
    """The answer holds its token and its signing key, which are shown once."""
    app, token = await call.service.apps.add(AppProfile(**body.model_dump()))
    fields = _application(app, call.settings).model_dump()
    return NewApplication(**fields, token=token, signing_key=app.signing_key or "")


@operations.add("GET", "/apps/{app_id}", Scope.APPS_READ)
async def show_app(call: Call, params: AppPath) -> Application:
    """One application."""
    return _application(await _known(call, params), call.settings)


@operations.add("PATCH", "/apps/{app_id}", Scope.APPS_WRITE)
async def edit_app(call: Call, params: AppPath, body: AppChanges) -> Application:
    """Fields that are absent stay as they are."""
    app = await _known(call, params)
    edited = await call.service.apps.edit(app.id, **body.model_dump(exclude_none=True))
    return _application(edited, call.settings)


@operations.add("DELETE", "/apps/{app_id}", Scope.APPS_WRITE)
async def remove_app(call: Call, params: AppPath) -> None:
    """
    For good, with its tokens, its topics, all subscriptions to them, its callbacks and its messages.

    Readers find its messages in their inboxes no more; what is on its way to them is not delivered. Its idempotency
    keys are forgotten. Subscribers stay. One with many messages takes a while; asked again, a deletion that was cut
    short goes on. The server's own applications are refused.
    """
    await call.service.apps.remove((await _known(call, params)).id)


async def _known(call: Call, params: AppPath) -> App:
    app_id = params.app_id
    return known(await call.service.apps.of_id(app_id) if call.caller.app_id in (None, app_id) else None)


def _application(app: App, settings: Settings) -> Application:
    link = settings.link(f"/a/{app.slug}")
    return shown(Application, app.profile, id=app.id, link=link, by_number=app.by_number, created_at=app.created_at)


class TokenReset(Request):
    """How to replace an application's token."""

    model_config = example(grace_seconds=3600)

    grace_seconds: Annotated[
        Annotated[int, Field(ge=0, le=_MAX_GRACE_SECONDS)],
        FROM_FLOAT,
        Field(description="How long the present token still works; 0: it stops working at once."),
    ] = 0


class NewToken(Response):
    """An application's new token, which is shown only here."""

    model_config = example(token="AT_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga")  # noqa: S106  an example

    token: Annotated[str, Field(description="Sends messages; `AT_…`.")]


class NewSigningKey(Response):
    """An application's new signing key, which is shown only here."""

    model_config = example(signing_key="x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga")

    signing_key: Annotated[str, Field(description="Signs callbacks and links to the settings page.")]


@operations.add("POST", "/apps/{app_id}/token", Scope.APPS_WRITE)
async def reset_token(call: Call, params: AppPath, body: TokenReset) -> NewToken:
    """The present token works until the grace time is over; one that was replaced before stops working now."""
    app, seconds = await _known(call, params), body.grace_seconds
    grace = timedelta(seconds=seconds) if seconds else None
    return NewToken(token=await call.service.apps.reset_token(app.id, grace=grace))


@operations.add("POST", "/apps/{app_id}/signing-key", Scope.APPS_WRITE)
async def reset_signing_key(call: Call, params: AppPath) -> NewSigningKey:
    """Callbacks and settings links are signed with the new key from now on."""
    app = await _known(call, params)
    return NewSigningKey(signing_key=await call.service.apps.reset_signing_key(app.id))


class CallbackListParams(AppPath, PageParams):
    """An application, and which page of its callbacks."""

    order: Order = "newest"


class Callback(Response):
    """An event that is sent to an application's `callback_url`. Those that are not pending are kept for 30 days."""

    model_config = example(
        id=5,
        state="pending",
        body='{"action":"send_up_cmd","data":{"uid":"UID_x7Kq2vYb8Rt4","appId":2,"content":"stop"}}',
        attempts=1,
        status=503,
        reason="HTTP 503",
        due_at="2026-11-24T09:30:02Z",
        created_at="2026-11-24T09:30:00Z",
    )

    id: int
    state: CallbackState
    body: Annotated[str, Field(description="The JSON, byte for byte as it is sent.")]
    attempts: int
    status: Annotated[int | None, Field(description="HTTP status of the last answer; null when there was none.")]
    reason: Annotated[str | None, Field(description="Why the last attempt failed.")]
    due_at: Annotated[datetime | None, Field(description="Time of the next attempt; null unless it is pending.")]
    created_at: datetime


@operations.add("GET", "/apps/{app_id}/callbacks", Scope.APPS_READ)
async def list_callbacks(call: Call, params: CallbackListParams) -> Page[Callback]:
    """Sorted by id, newest or oldest first: each event, and whether it was delivered."""
    app = await _known(call, params)
    found = await call.service.callbacks.slice(app.id, params.slice(is_newest_first=params.order == "newest"))
    return page_of(call, Page[Callback], found, params.limit, _callback, lambda one: one.id)


def _callback(found: callbacks.Callback) -> Callback:
    due_at = found.due_at if found.state is CallbackState.PENDING else None
    return shown(Callback, found, reason=found.reason or None, due_at=due_at)
