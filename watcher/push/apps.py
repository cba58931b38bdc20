"""Applications: what their owners may say of them, and the watcher's own."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from watcher.core.push import WATCHER_APP_KEY, App, AppProfile
from watcher.errors import RefusedError
from watcher.push.draft import clean_text
from watcher.push.ids import hash_token, new_app_token, new_slug

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore, Transaction

MAX_NOTE_CHARS: Final = 500


async def add_app(tx: Transaction, profile: AppProfile, *, now: datetime) -> tuple[App, str]:
    """Make an application; return it with its token, of which only the hash is kept."""
    token = new_app_token()
    return await tx.apps.add(profile, slug=new_slug(), token_hash=hash_token(token), created_at=now), token


async def own_app(store: PushStore, *, now: datetime) -> App:
    """Return the watcher's own application, made where it is missing."""
    if app := await store.read(lambda tx: tx.apps.of_key(WATCHER_APP_KEY)):
        return app
    return await store.write(partial(_own_app, now=now))


async def _own_app(tx: Transaction, *, now: datetime) -> App:
    # Another process may have made it in between.
    if app := await tx.apps.of_key(WATCHER_APP_KEY):
        return app
    return await tx.apps.add(AppProfile(name="watcher"), key=WATCHER_APP_KEY, slug=new_slug(), created_at=now)


def checked_profile(profile: AppProfile) -> AppProfile:
    """Return the profile without control characters. Raises a PushError for a nameless or too long one."""
    notes = {field.name: checked_note(field.name, getattr(profile, field.name)) for field in fields(profile)}
    return replace(profile, **notes | {"name": checked_name("name", profile.name)})


def checked_name(field: str, text: str) -> str:
    """Return the name as one line. Raises a PushError when it is blank, too long, or no text."""
    name = " ".join(checked_note(field, text).split())
    if not name:
        raise RefusedError(f"{field}: empty; give it a name that people will recognise")
    return name


def checked_note(field: str, text: str) -> str:
    """Return the text without control characters. Raises a PushError when it is too long, or no text."""
    note = clean_text(field, text)
    if len(note) > MAX_NOTE_CHARS:
        raise RefusedError(f"{field}: {len(note)} characters; at most {MAX_NOTE_CHARS}")
    return note
