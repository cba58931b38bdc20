"""Tokens of our own API: whose they are, what they may do, made and shown once, removed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Final

from aiohttp import web

from watcher.core.access import AccessToken, Scope
from watcher.core.push import App
from watcher.errors import RefusedError
from watcher.push.tokens import GLOBAL_SCOPES
from watcher.translations import text
from watcher.web.addresses import number, number_in
from watcher.web.console.apps import naming_owners
from watcher.web.console.confirming import require_recent
from watcher.web.console.kept import SECRETS
from watcher.web.console.paging import page_of
from watcher.web.console.scope import offered_senders, own_app
from watcher.web.console.shell import Room, Said, ask, done, render_room
from watcher.web.forms import form_texts
from watcher.web.keys import ACCOUNT, SERVICE
from watcher.web.pages.language import language_of
from watcher.web.sessions.account import CONSOLE

TOKENS: Final = f"{CONSOLE}/tokens"
_SECRET: Final = "token"  # noqa: S105 what is kept for the browser


async def show_tokens(request: web.Request) -> web.Response:
    """`GET /console/tokens?before=&after=`: newest first, without their secrets but for a new one's, once."""
    service = request.app[SERVICE]
    page = await page_of(request, partial(service.tokens.page, account_id=request[ACCOUNT].id), lambda token: token.id)
    apps = await service.apps.names({token.app_id for token in page.items if token.app_id is not None})
    secret = request.app[SECRETS].pop(request, _SECRET)
    whose = await naming_owners(request, (token.account_id for token in page.items))
    return render_room(request, "tokens.html", Room.TOKENS, page=page, apps=apps, secret=secret, whose=whose)


async def show_new_token(request: web.Request) -> web.Response:
    """`GET /console/tokens/new?app=`: the form, for one application where the address names one."""
    given = request.query.get("app", "")
    app = None if (app_id := number(given)) is None else await own_app(request, app_id)
    await require_recent(request, back=_form_path(app))
    return await _form(request, app=app)


async def make_token(request: web.Request) -> web.Response:
    """`POST /console/tokens/new`: leads to the list, which shows the new token once."""
    account, form = request[ACCOUNT], await form_texts(request)
    name, given = form.get("name", "").strip(), form.get("app", "")
    scopes = frozenset(scope for scope in _offered(request) if f"scope-{scope}" in form)
    app = None if (app_id := number(given)) is None else await own_app(request, app_id)
    await require_recent(request, back=_form_path(app))
    try:
        _, secret = await request.app[SERVICE].tokens.add(
            name, scopes, app_id=app.id if app else None, account_id=account.id
        )
    except RefusedError as error:
        return await _form(request, app=app, name=name, scopes=scopes, error=error)
    request.app[SECRETS].put(request, _SECRET, secret)
    return done(TOKENS, Said.TOKEN_MADE)


async def ask_to_remove(request: web.Request) -> web.Response:
    """`GET /console/tokens/{access_token}/remove`: what ends with it."""
    token = await _own_token(request)
    await require_recent(request, back=f"{TOKENS}/{token.id}/remove")
    say = partial(text, language_of(request))
    return ask(
        request,
        Room.TOKENS,
        question=say("token_remove_title", name=token.name),
        what=[say("token_remove_ends")],
        label=say("token_remove"),
        back=TOKENS,
    )


async def remove_token(request: web.Request) -> web.Response:
    """`POST /console/tokens/{access_token}/remove`: it stops working at once."""
    token = await _own_token(request)
    await require_recent(request, back=f"{TOKENS}/{token.id}/remove")
    await request.app[SERVICE].tokens.remove(token.id)
    return done(TOKENS, Said.TOKEN_REMOVED)


def _form_path(app: App | None) -> str:
    return f"{TOKENS}/new" if app is None else f"{TOKENS}/new?app={app.id}"


async def _own_token(request: web.Request) -> AccessToken:
    """Return the token that the address names. Raises HTTPNotFound for a foreign one."""
    token = await request.app[SERVICE].tokens.of_id(number_in(request, "access_token"))
    if token is None or not request[ACCOUNT].owns(token.account_id):
        raise web.HTTPNotFound
    return token


async def _form(
    request: web.Request,
    *,
    app: App | None = None,
    name: str = "",
    scopes: Collection[Scope] = (),
    error: RefusedError | None = None,
) -> web.Response:
    """Return the form with what was typed. `error`: names its field; without one the account has all that it may."""
    return render_room(
        request,
        "token-form.html",
        Room.TOKENS,
        status=422 if error else 200,
        offered=await offered_senders(request, app),
        has_all=request[ACCOUNT].is_operator,
        app=app,
        name=name,
        scopes=scopes,
        all_scopes=_offered(request),
        global_scopes=GLOBAL_SCOPES,
        wrong=error.field if error else "",
        is_full=error is not None and not error.field,
    )


def _offered(request: web.Request) -> Sequence[Scope]:
    """Return what a token of the account may be allowed to do."""
    return [scope for scope in Scope if request[ACCOUNT].is_operator or scope not in GLOBAL_SCOPES]
