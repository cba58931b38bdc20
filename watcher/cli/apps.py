"""The command `apps`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import click
from msgspec.structs import asdict

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import AppArgument, ByNumberOption, ask_of_app, ask_service, find_app, grace_of, need_a_change
from watcher.cli.declaring import Argument, Option, group
from watcher.cli.options import BaseUrlOption, DataOption, JsonOption, LimitOption, read_secret
from watcher.cli.output import print_json, print_listing, time_json, time_text
from watcher.cli.qr import print_code, warn_of_private_address
from watcher.core.callbacks import Callback
from watcher.core.push import App, AppProfile
from watcher.core.settings import Settings
from watcher.core.values import Json

if TYPE_CHECKING:
    from watcher.push.service import PushService


ContactOption = Annotated[str | None, Option("--contact", metavar="TEXT", help="Whom its subscribers can ask.")]
DescriptionOption = Annotated[str | None, Option("--description", metavar="TEXT", help="Shown on its follow page.")]
CallbackUrlOption = Annotated[str | None, Option("--callback-url", metavar="URL", help="Where its callbacks go.")]
SettingsUrlOption = Annotated[str | None, Option("--settings-url", metavar="URL", help="Its own settings page.")]
FollowPromptOption = Annotated[
    str | None, Option("--follow-prompt", metavar="TEXT", help="Shown to new followers; {UID} is filled in.")
]


def list_apps(
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the applications, with the links by which people follow them."""
    settings = options.link_settings(data, base_url)

    now = runtime.utc_now()
    print_listing(
        ask_service(data, lambda service: service.apps.all()),
        as_json=as_json,
        record=lambda app: _app_json(app, settings),
        headings=("id", "name", "contact", "made", "link"),
        cells=lambda app: (
            *(str(app.id), app.profile.name, app.profile.contact, time_text(app.created_at, now=now)),
            _app_link(app, settings),
        ),
        folding=("name", "contact"),
        empty="no applications",
    )


def add_app(
    name: Annotated[str, Argument(metavar="NAME")],
    contact: ContactOption = None,
    description: DescriptionOption = None,
    callback_url: CallbackUrlOption = None,
    settings_url: SettingsUrlOption = None,
    follow_prompt: FollowPromptOption = None,
    token: Annotated[
        str | None,
        Option("--token", metavar="AT_…", help="The token that it had elsewhere; `-`: the first line of the input."),
    ] = None,
    number: Annotated[
        int | None, Option("--id", metavar="N", help="The number that it had elsewhere. Default: a new one.")
    ] = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Add an application; its token is shown once, but for one that you give."""
    profile = AppProfile(
        name=name,
        contact=contact or "",
        description=description or "",
        callback_url=callback_url or "",
        settings_url=settings_url or "",
        follow_prompt=follow_prompt or "",
    )

    given = None if token is None else read_secret(token)
    app, used = ask_service(data, lambda service: service.apps.add(profile, token=given, app_id=number), may_begin=True)
    if as_json:
        shown = used if given is None else None
        print_json({"app_id": app.id, "app_token": shown, "signing_key": app.signing_key})
    elif given is None:
        click.echo(f"application {app.id}\ntoken {used}\nsigning key {app.signing_key}\nNeither is shown again.")
    else:
        click.echo(f"application {app.id}\nsigning key {app.signing_key}, which is not shown again; the token stays")


def edit_app(
    app: AppArgument,
    name: Annotated[str | None, Option("--name", metavar="NAME")] = None,
    contact: ContactOption = None,
    description: DescriptionOption = None,
    callback_url: CallbackUrlOption = None,
    settings_url: SettingsUrlOption = None,
    follow_prompt: FollowPromptOption = None,
    by_number: ByNumberOption = None,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change an application; "" empties a field."""
    given = {
        "name": name,
        "contact": contact,
        "description": description,
        "callback_url": callback_url,
        "settings_url": settings_url,
        "follow_prompt": follow_prompt,
    }
    changes = {field: text for field, text in given.items() if text is not None}
    changed = [*changes, *(["by_number"] if by_number is not None else [])]
    need_a_change(changed)

    edited = ask_of_app(data, app, lambda service: service.apps.edit(app, by_number=by_number, **changes))
    if as_json:
        print_json(_app_json(edited, options.link_settings(data, base_url)))
    else:
        click.echo(f"application {edited.id}: {', '.join(changed)} changed")


def show_app_qr(app: AppArgument, data: DataOption = options.DATA, base_url: BaseUrlOption = None) -> None:
    """Show the QR code by which people follow an application."""
    settings = options.link_settings(data, base_url)

    link = _app_link(ask_service(data, lambda service: find_app(service, app)), settings)
    print_code(link, carried=f"{link}?scan")
    warn_of_private_address(settings.public_url)


def list_callbacks(
    app: AppArgument, limit: LimitOption = 20, data: DataOption = options.DATA, as_json: JsonOption = False
) -> None:
    """Show the callbacks to an application's callback URL, newest first, and whether each was delivered."""

    async def ask(service: PushService) -> tuple[App, Sequence[Callback]]:
        return await find_app(service, app), await service.callbacks.newest(app, limit=limit + 1)

    owner, found = ask_service(data, ask)
    now = runtime.utc_now()
    print_listing(
        found[:limit],
        has_more=len(found) > limit,
        as_json=as_json,
        record=_callback_json,
        headings=("id", "made", "event", "state", "attempts", "next", "answer"),
        cells=lambda each: (
            *(str(each.id), time_text(each.created_at, now=now), _event(each), each.state.value, str(each.attempts)),
            *(time_text(_next_attempt_at(each), now=now), each.reason or str(each.status or "–")),
        ),
        folding=("answer",),
        empty="no callbacks in the last 30 days"
        if owner.profile.callback_url
        else f"application {app} has no callback URL; give it one: watcher apps edit {app} --callback-url URL",
    )


def reset_token(
    app: AppArgument,
    grace: Annotated[
        str | None, Option("--grace", metavar="TIME", help="How long the old token still works: 30m, 1d.")
    ] = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Give an application a new token; the old one stops working at once, or after --grace."""
    left = grace_of(grace)
    token = ask_of_app(data, app, lambda service: service.apps.reset_token(app, grace=left))
    if as_json:
        print_json({"app_id": app, "app_token": token})
    else:
        ends = "no longer good" if grace is None else f"good for another {grace}"
        click.echo(f"token {token}\nThe old one is {ends}. This one is not shown again.")


def reset_key(app: AppArgument, data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Give an application a new key for signing callbacks and settings links."""
    key = ask_of_app(data, app, lambda service: service.apps.reset_signing_key(app))
    if as_json:
        print_json({"app_id": app, "signing_key": key})
    else:
        click.echo(f"signing key {key}\nThe old one signs nothing any more. This one is not shown again.")


apps = group(
    "apps",
    "Show the applications, or change them.",
    list_apps,
    {
        "add": add_app,
        "edit": edit_app,
        "qr": show_app_qr,
        "callbacks": list_callbacks,
        "reset-token": reset_token,
        "reset-key": reset_key,
    },
)


def _app_json(app: App, settings: Settings) -> dict[str, Json]:
    return {
        "app_id": app.id,
        **asdict(app.profile),
        "slug": app.slug,
        "link": _app_link(app, settings),
        "by_number": app.by_number,
    }


def _callback_json(callback: Callback) -> dict[str, Json]:
    return {
        "id": callback.id,
        "state": callback.state.value,
        "body": callback.body,
        "attempts": callback.attempts,
        "status": callback.status,
        "reason": callback.reason or None,
        "due_at": time_json(_next_attempt_at(callback)),
        "created_at": time_json(callback.created_at),
    }


def _next_attempt_at(callback: Callback) -> datetime | None:
    return callback.due_at if callback.state.value == "pending" else None


def _event(callback: Callback) -> str:
    event: str = json.loads(callback.body)["action"]
    return event


def _app_link(app: App, settings: Settings) -> str:
    return f"{settings.public_url}/a/{app.slug}"
