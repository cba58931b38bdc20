"""Applications: the list, a new one, and each one's page with all that leads on from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

import msgspec
from aiohttp import web
from msgspec.structs import asdict

from watcher.core.push import App, AppProfile
from watcher.errors import RefusedError
from watcher.translations import text
from watcher.web.console.confirming import require_recent
from watcher.web.console.kept import SECRETS
from watcher.web.console.paging import page_of
from watcher.web.console.scope import own_app
from watcher.web.console.shell import Room, Said, ask, done, render_room
from watcher.web.forms import form_texts
from watcher.web.keys import ACCOUNT, SERVICE, SETTINGS
from watcher.web.pages.language import language_of
from watcher.web.sessions.account import CONSOLE

APPS: Final = f"{CONSOLE}/apps"
_MESSAGES: Final = 5
"""On an application's page, the newest."""
_WRONG: Final = {"name": "app_wrong_name", "callback_url": "app_wrong_url", "settings_url": "app_wrong_url"}
"""What is wrong with a field that was refused; of any other: it is too long."""
_FIELDS: Final = AppProfile.__struct_fields__


async def show_apps(request: web.Request) -> web.Response:
    """`GET /console/apps?before=&after=`: newest first."""
    apps = request.app[SERVICE].apps
    page = await page_of(request, partial(apps.page, account_id=request[ACCOUNT].id), lambda app: app.id)
    figures = await apps.figures([app.id for app in page.items])
    whose = await naming_owners(request, (app.account_id for app in page.items))
    return render_room(request, "apps.html", Room.APPS, page=page, figures=figures, whose=whose)


async def show_new_app(request: web.Request) -> web.Response:
    """`GET /console/apps/new`: the six fields."""
    return _form(request, None, AppProfile(name=""))


async def make_app(request: web.Request) -> web.Response:
    """`POST /console/apps/new`: leads to the new application's page, which shows its token once."""
    profile = _profile(await form_texts(request))
    try:
        app, token = await request.app[SERVICE].apps.add(profile, account_id=request[ACCOUNT].id)
    except RefusedError as error:
        return _form(request, None, profile, error=error)
    keep_token(request, app, token)
    return done(path_of(app), Said.APP_MADE)


async def show_app(request: web.Request) -> web.Response:
    """`GET /console/apps/{app}`: how people follow it, what it has, what it sent; a new token once."""
    app, service = await own_app(request), request.app[SERVICE]
    return render_room(
        request,
        "app.html",
        Room.APPS,
        app=app,
        figures=(await service.apps.figures([app.id]))[app.id],
        messages=await service.messages.newest_of(app.id, limit=_MESSAGES),
        token=request.app[SECRETS].pop(request, _token_of(app.id)),
        ended=await service.acts.take_ended(app) if app.account_id == request[ACCOUNT].id else [],
        whose=await naming_owners(request, [app.account_id]),
        link=request.app[SETTINGS].link(f"/a/{app.slug}"),
        number_link=request.app[SETTINGS].link(f"/wxuser/?type=1&id={app.id}"),
    )


async def show_edit(request: web.Request) -> web.Response:
    """`GET /console/apps/{app}/edit`: the six fields as they are."""
    app = await own_app(request)
    return _form(request, app, app.profile)


async def edit_app(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/edit`: refused where somebody else changed it since the form was shown."""
    app, form = await own_app(request), await form_texts(request)
    profile = _profile(form)
    if form.get("seen") != seen(app):
        return _form(request, app, profile, status=409, is_changed=True)
    if profile.callback_url != app.profile.callback_url:
        await require_recent(request, back=f"{path_of(app)}/edit")
    try:
        await request.app[SERVICE].apps.edit(app.id, **asdict(profile))
    except RefusedError as error:
        return _form(request, app, profile, error=error)
    return done(path_of(app), Said.APP_EDITED)


async def set_number(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/number`: whether its number leads to its follow page."""
    app, form = await own_app(request), await form_texts(request)
    is_open = form.get("by_number") == "1"
    await request.app[SERVICE].apps.edit(app.id, by_number=is_open)
    return done(path_of(app), Said.APP_NUMBER_OPENED if is_open else Said.APP_NUMBER_CLOSED)


async def ask_to_remove(request: web.Request) -> web.Response:
    """`GET /console/apps/{app}/remove`: what ends with it."""
    app = await own_made_app(request)
    await require_recent(request, back=f"{path_of(app)}/remove")
    figures = (await request.app[SERVICE].apps.figures([app.id]))[app.id]
    say = partial(text, language_of(request))
    return ask(
        request,
        Room.APPS,
        question=say("app_remove_title", name=app.profile.name),
        what=[
            say("app_remove_ends"),
            say("app_remove_topics", count=figures.topics),
            say("app_remove_followers", count=figures.subscriptions),
            say("app_remove_messages", count=figures.messages),
            say("app_remove_stays"),
        ],
        label=say("app_remove"),
        back=path_of(app),
    )


async def remove_app(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/remove`: answers when all is gone; many messages take a while."""
    app = await own_made_app(request)
    await require_recent(request, back=f"{path_of(app)}/remove")
    await request.app[SERVICE].apps.remove(app.id)
    return done(APPS, Said.APP_REMOVED)


async def naming_owners(request: web.Request, account_ids: Iterable[int | None]) -> Callable[[int | None], str]:
    """
    Return what says in words whose something is, for pages of the operator.

    Args:
        account_ids: those that will be asked for.
    """
    say = partial(text, language_of(request))
    ids = {each for each in account_ids if each is not None}
    names = await request.app[SERVICE].apps.owner_names(ids) if ids and request[ACCOUNT].is_operator else {}

    def whose(account_id: int | None) -> str:
        if account_id is None:
            return say("the_operator")
        return names.get(account_id) or say("owner_number", id=account_id)

    return whose


def path_of(app: App) -> str:
    """Return the address of an application's page."""
    return f"{APPS}/{app.id}"


async def own_made_app(request: web.Request) -> App:
    """Return the application that the address names. Raises HTTPNotFound: it is foreign, or a built-in one."""
    app = await own_app(request)
    if app.key is not None:
        raise web.HTTPNotFound
    return app


def keep_token(request: web.Request, app: App, token: str) -> None:
    """Let the next look at the application's page show its new token."""
    request.app[SECRETS].put(request, _token_of(app.id), token)


def seen(app: App) -> str:
    """Return what an edit form remembers of the application, so that it overwrites nothing that it did not show."""
    return hashlib.sha256(msgspec.json.encode(app.profile)).hexdigest()[:16]


def _token_of(app_id: int) -> str:
    return f"app {app_id}"


def _profile(form: Mapping[str, str]) -> AppProfile:
    # A browser ends the lines of a text area with CRLF.
    given = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in _FIELDS}
    return AppProfile(**given)


def _form(
    request: web.Request,
    app: App | None,
    profile: AppProfile,
    *,
    error: RefusedError | None = None,
    status: int = 422,
    is_changed: bool = False,
) -> web.Response:
    """
    Return the form with what was typed.

    Args:
        app: None: of a new one.
        error: names its field; without one the account has all that it may.
        is_changed: somebody else has changed the application meanwhile.
    """
    say = partial(text, language_of(request))
    field = error.field if error else ""
    wrong = dict.fromkeys(_FIELDS, "")
    if field in wrong:
        wrong[field] = say(_WRONG.get(field, "wrong_long"))
    return render_room(
        request,
        "app-form.html",
        Room.APPS,
        status=status if error or is_changed else 200,
        app=app,
        profile=profile,
        seen=seen(app) if app else "",
        wrong=wrong,
        is_full=error is not None and field not in wrong,
        is_changed=is_changed,
        has_private_callbacks=request[ACCOUNT].is_operator and request.app[SETTINGS].private_callbacks,
    )
