"""Applications: their profiles, tokens and keys, and the watcher's own application."""

from __future__ import annotations

import dataclasses
import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from msgspec.structs import asdict, replace

from watcher.core.acts import Act
from watcher.core.instants import epoch_milliseconds
from watcher.core.push import SIMPLE_APP_KEY, WATCHER_APP_KEY, App, AppFigures, AppProfile, Slice, Subscriber
from watcher.core.reserved_names import is_reserved
from watcher.core.urls import is_web_url
from watcher.errors import RefusedError
from watcher.push.context import Resource
from watcher.push.draft import clean_text, shows_nothing
from watcher.push.foreign_ids import check_free_app, checked_app_token, checked_number
from watcher.push.forgetting import forget_app
from watcher.push.ids import hash_token, is_slug, new_app_token, new_secret, new_slug
from watcher.push.limits import check_app

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore, Transaction

MAX_NOTE_CHARS: Final = 500


class Apps(Resource):
    """The applications of one push store. Each method raises StoreError."""

    async def add(
        self,
        profile: AppProfile,
        *,
        account_id: int | None = None,
        token: str | None = None,
        app_id: int | None = None,
    ) -> tuple[App, str]:
        """
        Add an application; return it with its token `AT_…`, which is never shown again. Raises a PushError.

        Args:
            account_id: whose it is; None: the operator's.
            token: that it had elsewhere; None: a new one.
            app_id: the number that it had elsewhere; None: a new one.
        """
        profile, now = checked_profile(profile), self._now()
        app_id = None if app_id is None else checked_number("id", app_id)
        kept = None if token is None else checked_app_token("token", token)
        token = kept or new_app_token()
        keys = {"slug": new_slug(), "token_hash": hash_token(token), "signing_key": new_secret()}

        def work(tx: Transaction) -> App:
            if account_id is not None:
                check_app(tx, account_id, self._account_limits)
            check_free_app(tx, app_id, kept)
            app = tx.apps.add(profile, **keys, account_id=account_id, app_id=app_id, created_at=now)
            self._note(tx, Act.APP_MADE, profile.name, app_id=app.id)
            return app

        return await self._store.write(work), token

    async def all(self) -> Sequence[App]:
        """Return all applications by id; the watcher's own is made at first use and is among them."""
        return await self._store.read(lambda tx: tx.apps.all())

    async def slice(self, cut: Slice, *, app_id: int | None = None, account_id: int | None = None) -> Sequence[App]:
        """Return a stretch of the applications by id; with `app_id` only that one, with `account_id` only its own."""
        found = [app for app in await self.all() if app_id in (None, app.id)]
        return cut.of([app for app in found if account_id in (None, app.account_id)])

    async def page(self, cut: Slice, *, account_id: int | None = None) -> Sequence[App]:
        """
        Return a stretch of the applications, by id.

        Args:
            account_id: those of this account; None: all.
        """
        return await self._store.read(lambda tx: tx.apps.slice(cut, account_id=account_id))

    async def figures(self, ids: Collection[int]) -> Mapping[int, AppFigures]:
        """Return how much each of these applications has, by id."""
        return await self._store.read(lambda tx: tx.apps.figures(ids))

    async def names(self, ids: Collection[int]) -> Mapping[int, str]:
        """Return the names of these applications, by id."""
        return await self._store.read(lambda tx: tx.apps.names(ids))

    async def owner_names(self, account_ids: Collection[int]) -> Mapping[int, str]:
        """Return what the owners of these accounts are called, but for names that read as the operator's."""
        found = await self._store.read(lambda tx: tx.accounts.names(account_ids))
        return {id_: name for id_, name in found.items() if not is_reserved(name)}

    async def of_id(self, app_id: int) -> App | None:
        """Return the application with this id."""
        return await self._store.read(lambda tx: tx.apps.of_id(app_id))

    async def of_ids(self, app_ids: Collection[int]) -> Sequence[App]:
        """Return those of the applications with these ids that are there."""
        return await self._store.read(lambda tx: tx.apps.of_ids(app_ids))

    async def of_token(self, token: str) -> App | None:
        """Return the application whose token this is."""
        now = self._now()
        return await self._store.read(lambda tx: tx.apps.of_token(hash_token(token), now=now), is_one_statement=True)

    async def of_slug(self, slug: str) -> App | None:
        """Return the application whose follow page has this slug."""
        if not is_slug(slug):
            return None
        return await self._store.read(lambda tx: tx.apps.of_slug(slug))

    async def of_number(self, app_id: int) -> App | None:
        """Return the application with this number, if its owner opened it to links that name it so."""
        app = await self.of_id(app_id)
        return app if app is not None and app.by_number else None

    async def edit(self, app_id: int, *, by_number: bool | None = None, **changes: str) -> App:
        """
        Change fields of an application's profile, by name; return it as it is then. Raises a PushError.

        Args:
            by_number: whether links with its number lead to its follow page; None: as before.
        """

        def work(tx: Transaction) -> App:
            app = known_app(tx, app_id)
            is_open = app.by_number if by_number is None else by_number
            profile = checked_profile(replace(app.profile, **changes))
            if (profile, is_open) != (app.profile, app.by_number):
                tx.apps.describe(app_id, profile)
                tx.apps.open_by_number(app_id, is_open)
                self._note(tx, Act.APP_EDITED, profile.name, app_id=app_id)
            return dataclasses.replace(app, profile=profile, by_number=is_open)

        return await self._store.write(work)

    async def reset_token(self, app_id: int, *, grace: timedelta | None = None) -> str:
        """
        Return a new token of the application; the old one dies at once, or after the grace time.

        A token that was replaced earlier dies in any case; one that a hand-over left its former owner, where nobody has
        another one yet, lives until its time, or dies at once. Raises RefusedError for an application without a token.
        """
        token, now = new_app_token(), self._now()
        old_until = None if grace is None else now + grace

        def work(tx: Transaction) -> None:
            app = known_app(tx, app_id)
            if app.key is not None:
                raise RefusedError(
                    f"the application {app.profile.name} publishes from inside and has no token", field="app_id"
                )
            tx.apps.replace_token(app_id, hash_token(token), now=now, old_until=old_until)
            self._note(tx, Act.APP_TOKEN_RESET, app.profile.name, app_id=app_id)

        await self._store.write(work)
        return token

    async def reset_signing_key(self, app_id: int) -> str:
        """Replace the key that signs callbacks and settings links, and return the new one. Raises RefusedError."""
        key = new_secret()

        def work(tx: Transaction) -> None:
            app = known_app(tx, app_id)
            tx.apps.replace_signing_key(app_id, key)
            self._note(tx, Act.APP_KEY_RENEWED, app.profile.name, app_id=app_id)

        await self._store.write(work)
        return key

    async def remove(self, app_id: int) -> None:
        """
        Remove an application with all that is its own, for good (see `forgetting`).

        Its messages go some at a time, so that nobody's send waits long for it. Raises RefusedError when there is none,
        and for those that the service itself needs.
        """
        while not await self._store.write(partial(self._remove_some, app_id=app_id)):
            pass

    def settings_link(self, app: App, subscriber: Subscriber) -> str | None:
        """Return the address of the application's own settings page for this subscriber, good now; None without one."""
        return settings_link(app, subscriber, now=self._now(), nonce=new_secret())

    def _remove_some(self, tx: Transaction, app_id: int) -> bool:
        app = known_app(tx, app_id)
        if app.key is not None:
            raise RefusedError(
                f"the application {app.profile.name} is the service's own; it cannot be removed", field="app_id"
            )
        is_gone = forget_app(tx, app_id)
        if is_gone:
            self._note(tx, Act.APP_REMOVED, app.profile.name, app_id=app_id)
        return is_gone


def known_app(tx: Transaction, app_id: int) -> App:
    """Return the application with this id. Raises RefusedError when there is none."""
    if (app := tx.apps.of_id(app_id)) is None:
        raise RefusedError(f"there is no application {app_id}", field="app_id")
    return app


def running_app(tx: Transaction, app_id: int) -> App:
    """Return the application with this id. Raises RefusedError when there is none, or it is paused."""
    if (app := known_app(tx, app_id)).is_paused:
        raise RefusedError("应用已暂停，目前无法订阅 · this application is paused", field="app_id")
    return app


def app_with_senders(tx: Transaction, app_id: int) -> App:
    """Return the application with this id. Raises RefusedError when there is none, or nobody sends by it."""
    return with_senders(known_app(tx, app_id))


def with_senders(app: App) -> App:
    """Return the application. Raises RefusedError when nobody sends by it."""
    if not app.has_senders:
        raise RefusedError(
            f"nobody sends by {app.profile.name}, which is built in; choose another application",
            field="app_id",
        )
    return app


def simple_app(tx: Transaction, *, now: datetime) -> App:
    """Return the application of simple pushes, made where it is missing."""
    if app := tx.apps.of_key(SIMPLE_APP_KEY):
        return app
    return tx.apps.add(AppProfile(name="simple push"), key=SIMPLE_APP_KEY, slug=new_slug(), created_at=now)


async def own_app(store: PushStore, *, now: datetime) -> App:
    """Return the watcher's own application, made where it is missing."""
    if app := await store.read(lambda tx: tx.apps.of_key(WATCHER_APP_KEY)):
        return app
    return await store.write(partial(_own_app, now=now))


def _own_app(tx: Transaction, *, now: datetime) -> App:
    # Another process may have made it in between.
    if app := tx.apps.of_key(WATCHER_APP_KEY):
        return app
    return tx.apps.add(AppProfile(name="watcher"), key=WATCHER_APP_KEY, slug=new_slug(), created_at=now)


def settings_link(app: App, subscriber: Subscriber, *, now: datetime, nonce: str) -> str | None:
    """
    Return the address of the application's own settings page for one subscriber; None when it has none, or is paused.

    With a signing key it carries `uid`, `ts` (ms), `nonce`, `sv=1` and `sign`, the lowercase hex HMAC-SHA256 of the
    other four in key order, `k=v` joined by `&`. The nonce is fresh each time.
    """
    if not app.profile.settings_url or app.is_paused:
        return None
    given = {"uid": subscriber.uid}
    if app.signing_key is not None:
        given |= {"ts": str(epoch_milliseconds(now)), "nonce": nonce, "sv": "1"}
        signed = "&".join(f"{name}={given[name]}" for name in sorted(given))
        given["sign"] = hmac.digest(app.signing_key.encode(), signed.encode(), "sha256").hex()
    parts = urlsplit(app.profile.settings_url)
    query = "&".join(f"{name}={quote(value)}" for name, value in given.items())
    return parts._replace(query=f"{parts.query}&{query}" if parts.query else query).geturl()


def checked_profile(profile: AppProfile) -> AppProfile:
    """Return the profile without control characters. Raises a PushError for one that is nameless, too long, or odd."""
    notes = {name: checked_note(name, note) for name, note in asdict(profile).items()}
    urls = {name: _checked_url(name, notes[name]) for name in ("callback_url", "settings_url")}
    return replace(profile, **notes | urls | {"name": checked_name("name", profile.name)})


def _checked_url(field: str, text: str) -> str:
    url = text.strip()
    if url and not is_web_url(url):
        raise RefusedError(f"{url[:100]!r} is no http or https address", field=field)
    return url


def checked_name(field: str, text: str) -> str:
    """Return the name as one line. Raises a PushError when it is blank, too long, or no text."""
    name = " ".join(checked_note(field, text).split())
    if shows_nothing(name):
        raise RefusedError("empty; give it a name that people will recognise", field=field)
    return name


def checked_note(field: str, text: str) -> str:
    """Return the text without control characters. Raises a PushError when it is too long, or no text."""
    note = clean_text(field, text)
    if len(note) > MAX_NOTE_CHARS:
        raise RefusedError(f"{len(note)} characters; at most {MAX_NOTE_CHARS}", field=field)
    return note
