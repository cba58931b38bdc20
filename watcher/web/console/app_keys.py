"""An application's secrets: a token is replaced, and shown once; its signing key is shown to who asks, and renewed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from aiohttp import web

from watcher.web.console.apps import keep_token, own_made_app, path_of
from watcher.web.console.confirming import require_recent
from watcher.web.console.shell import Choice, Room, Said, ask, done, render_room
from watcher.web.forms import form_texts
from watcher.web.keys import SERVICE
from watcher.web.pages.language import language_of
from watcher.web.pages.view import words_in

GRACES: Final = {
    "none": None,
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
"""How long the old token works, by the name that the form gives it."""


async def ask_to_reset(request: web.Request) -> web.Response:
    """`GET /console/apps/{app}/token`: how long the old token goes on."""
    app = await own_made_app(request)
    await require_recent(request, back=f"{path_of(app)}/token")
    t = words_in(language_of(request))
    return ask(
        request,
        Room.APPS,
        question=t("app_token_reset_title", name=app.profile.name),
        what=[t("app_token_reset_text")],
        label=t("app_token_reset"),
        back=path_of(app),
        choice=grace_choice(t, t("app_token_grace"), t("app_token_grace_hint"), GRACES, value="day"),
    )


def grace_choice(t: Callable[..., str], label: str, hint: str, graces: Iterable[str], *, value: str = "none") -> Choice:
    """Return the question of how long a token still works, among these of GRACES."""
    return Choice(
        name="grace", label=label, options=[(each, t(f"grace_{each}")) for each in graces], value=value, hint=hint
    )


async def reset_token(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/token`: leads to the application's page, which shows the new token once."""
    app, form = await own_made_app(request), await form_texts(request)
    await require_recent(request, back=f"{path_of(app)}/token")
    grace = form.get("grace", "")
    if grace not in GRACES:
        raise web.HTTPBadRequest
    keep_token(request, app, await request.app[SERVICE].apps.reset_token(app.id, grace=GRACES[grace]))
    return done(path_of(app), Said.APP_TOKEN_RESET)


async def show_key(request: web.Request) -> web.Response:
    """`GET /console/apps/{app}/key`: the signing key."""
    app = await own_made_app(request)
    await require_recent(request, back=f"{path_of(app)}/key")
    return render_room(request, "app-key.html", Room.APPS, app=app)


async def ask_to_renew(request: web.Request) -> web.Response:
    """`GET /console/apps/{app}/key/renew`: what a new signing key means."""
    app = await own_made_app(request)
    await require_recent(request, back=request.path)
    t = words_in(language_of(request))
    return ask(
        request,
        Room.APPS,
        question=t("app_key_renew_title", name=app.profile.name),
        what=[t("app_key_renew_text")],
        label=t("app_key_renew"),
        back=f"{path_of(app)}/key",
    )


async def renew_key(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/key/renew`: a new signing key."""
    app = await own_made_app(request)
    await require_recent(request, back=f"{path_of(app)}/key")
    await request.app[SERVICE].apps.reset_signing_key(app.id)
    return done(f"{path_of(app)}/key", Said.APP_KEY_RENEWED)
