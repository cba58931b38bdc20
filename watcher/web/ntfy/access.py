"""Whose token a request of ntfy's clients brings, and which topics stand behind pages of ours."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from aiohttp import web

from watcher.core.push import App
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address
from watcher.web.ntfy.problem import Failure, NtfyError

OWN_NAMES: web.AppKey[frozenset[str]] = web.AppKey("own names", frozenset)
"""What our own addresses begin with: a topic of such a name is below `/ntfy` alone."""


def is_our_page(request: web.Request, topic: str) -> bool:
    """Return whether a topic's name belongs to our own pages where it was asked for."""
    return topic in request.app[OWN_NAMES] and not request.path.startswith("/ntfy/")


async def app_of_token(request: web.Request) -> tuple[App, str]:
    """
    Return the application whose token is sent, and the token.

    `Bearer AT_…`, `Basic` with the token as the password or as the user, or either in `?auth=`, as base64url.
    Raises NtfyError; HTTPTooManyRequests for too many wrong tokens of one address.
    """
    for token in _tokens(request):
        app = await request.app[SERVICE].apps.of_token(token)
        if app is not None:
            return app, token
    count_address(request, "wrong token", request.app[SETTINGS].address_calls)
    raise NtfyError(Failure.UNAUTHORIZED)


def brings_token(request: web.Request) -> bool:
    """Return whether a request says whose it is at all."""
    return "Authorization" in request.headers or bool(_said_in_query(request))


def _said_in_query(request: web.Request) -> str:
    return request.query.get("auth") or request.query.get("authorization") or ""


def user_of(request: web.Request, app: App) -> str:
    """Return the user by whose name a request came, who may have any; the application's without one."""
    _, *users = _credentials(request)
    return next((user for user in users if user and not _is_token(user)), app.profile.name)


def _tokens(request: web.Request) -> Sequence[str]:
    return [said for said in _credentials(request) if _is_token(said)]


def _is_token(said: str) -> bool:
    return said.startswith("AT_")


def _credentials(request: web.Request) -> Sequence[str]:
    """Return what a request shows: a bearer's token, or a password and its user."""
    said = _said_in_query(request)
    scheme, _, value = (_unpacked(said) if said else request.headers.get("Authorization", "")).strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return [value.strip()]
        case "basic":
            user, _, password = _unpacked(value).partition(":")
            return [password.strip(), user.strip()]
        case _:
            return []


def _unpacked(text: str) -> str:
    """Return what base64, or base64url, says; empty for what is none."""
    packed = text.strip().translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
