"""
People who follow the WeChat account. Each is a subscriber; the openid is an address of it.

| a follower | what becomes of it |
|---|---|
| scans the code of a topic or an application | the subscriber, made if the openid is new, follows it as by any scan |
| scans a claim | the openid is an address of the claim's subscriber from now on, whoever had it before |
| scans anything else, or comes without a code | the subscriber is made, or reached there again |
| leaves the account, or refuses its messages | the address is dropped; UID and subscriptions stay |
| writes something | an up-command |

Each is one transaction. All but the last may be repeated without harm.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from watcher.core.callbacks import Origin, Source
from watcher.core.channels import ChannelName
from watcher.core.push import App, PushTopic, Subscriber, SubscriptionState
from watcher.errors import RefusedError
from watcher.push.apps import known_app
from watcher.push.channels.wechat.scenes import Scene, SceneKind
from watcher.push.commands import CommandReply, command
from watcher.push.ids import hash_token, new_slug
from watcher.push.reach import CLAIM_LIFE, add_address
from watcher.push.subscribers import add_subscriber, follow
from watcher.store.push.records import Place

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore, Transaction


class Outcome(StrEnum):
    """What came of a scan."""

    FOLLOWING = "following"
    WAITING = "waiting"
    """for the approval of the topic's owner"""
    REJECTED = "rejected"
    """its owner does not let this subscriber follow it"""
    CLOSED = "closed"
    """it takes nobody any more"""
    MISSING = "missing"
    """what the code led to is not there any more"""
    LINKED = "linked"
    """the subscriber of the claim is reached in WeChat as well"""
    EXPIRED = "expired"
    """the claim was taken already, or its time is over"""
    WELCOME = "welcome"
    """there was no code of ours"""


class Arrival(Struct, frozen=True, kw_only=True):
    """
    Somebody who came by a scan, or without.

    Attributes:
        place: name of the topic or application; empty when the code led to none.
        prompt: what its owner says to who follows it; may be empty.
    """

    outcome: Outcome
    subscriber: Subscriber
    place: str = ""
    prompt: str = ""


class Followers:
    """The followers of the WeChat account, over one push store. Each method raises StoreError."""

    def __init__(self, store: PushStore, *, now: Callable[[], datetime], wake: Callable[[object], None]) -> None:
        """`wake`: called after a commit that may have left callbacks to send."""
        self._store = store
        self._now = now
        self._wake = wake

    async def arrive(self, openid: str, scene: Scene | None) -> Arrival:
        """Take in who follows the account or scanned a code, and do what the code was made for."""
        work = partial(_arrive, openid=openid, scene=scene, now=self._now())
        return await self._store.write(work, then=self._wake)

    async def leave(self, openid: str) -> None:
        """Reach nobody there any more; who comes back is the same subscriber again."""
        await self._store.write(partial(_leave, openid=openid))

    async def say(self, openid: str, text: str) -> CommandReply:
        """Carry out what a follower wrote (see `commands`). Raises InvalidRequestError for half a surrogate pair."""
        work = partial(_say, openid=openid, text=text, now=self._now())
        return await self._store.write(work, then=self._wake)

    async def new_claim(self, subscriber: Subscriber) -> str:
        """Return a claim (166 bits, as a scene takes it) by which one openid becomes this subscriber's, for 10 min."""
        claim, now = new_slug(), self._now()
        await self._store.write(
            lambda tx: tx.claims.add(subscriber.id, token_hash=hash_token(claim), expires_at=now + CLAIM_LIFE, at=now)
        )
        return claim


async def _arrive(tx: Transaction, openid: str, scene: Scene | None, now: datetime) -> Arrival:
    if scene is not None and scene.kind is SceneKind.CLAIM:
        return await _link(tx, openid, scene.slug, now)
    subscriber = await _reached(tx, openid, now)
    if scene is None:
        return Arrival(outcome=Outcome.WELCOME, subscriber=subscriber)
    place = await _place(tx, scene)
    if place is None:
        return Arrival(outcome=Outcome.MISSING, subscriber=subscriber)
    return await _follow(tx, subscriber, place, now)


async def _link(tx: Transaction, openid: str, claim: str, now: datetime) -> Arrival:
    owner_id = await tx.claims.take(hash_token(claim), at=now)
    if owner_id is not None:
        await tx.subscribers.note_openid(owner_id, openid_hash=hash_token(openid))
    outcome = Outcome.EXPIRED if owner_id is None else Outcome.LINKED
    return Arrival(outcome=outcome, subscriber=await _reached(tx, openid, now))


async def _reached(tx: Transaction, openid: str, now: datetime) -> Subscriber:
    """Return whose openid this is, made if nobody's, and reached there from now on."""
    fingerprint = hash_token(openid)
    subscriber = await tx.subscribers.of_openid(fingerprint)
    if subscriber is None:
        subscriber = (await add_subscriber(tx, [], now=now)).subscriber
        await tx.subscribers.note_openid(subscriber.id, openid_hash=fingerprint)
    await add_address(tx, subscriber.id, ChannelName.WECHAT, fingerprint=fingerprint, value=openid, now=now)
    return subscriber


async def _place(tx: Transaction, scene: Scene) -> PushTopic | App | None:
    of_slug = tx.topics.of_slug if scene.kind is SceneKind.TOPIC else tx.apps.of_slug
    return await of_slug(scene.slug)


async def _follow(tx: Transaction, subscriber: Subscriber, target: PushTopic | App, now: datetime) -> Arrival:
    if isinstance(target, App):
        place, owner, name = Place(app_id=target.id), target, target.profile.name
    else:
        place, owner, name = Place(topic_id=target.id), await known_app(tx, target.app_id), target.name
    try:
        state = await follow(tx, subscriber.id, place, origin=Origin(source=Source.SCAN), now=now)
    except RefusedError:
        is_known = await tx.subscriptions.find(subscriber.id, place) is not None
        outcome = Outcome.REJECTED if is_known else Outcome.CLOSED
        return Arrival(outcome=outcome, subscriber=subscriber, place=name)
    if state is SubscriptionState.WAITING:
        return Arrival(outcome=Outcome.WAITING, subscriber=subscriber, place=name)
    prompt = owner.profile.follow_prompt.replace("{UID}", subscriber.uid)
    return Arrival(outcome=Outcome.FOLLOWING, subscriber=subscriber, place=name, prompt=prompt)


async def _leave(tx: Transaction, openid: str) -> None:
    address = await tx.addresses.of_fingerprint(ChannelName.WECHAT, hash_token(openid))
    if address is not None:
        await tx.addresses.remove(address.id)


async def _say(tx: Transaction, openid: str, text: str, now: datetime) -> CommandReply:
    # Who took the address off its list is not reached there again for having written something.
    known = await tx.subscribers.of_openid(hash_token(openid))
    return await command(tx, known or await _reached(tx, openid, now), text, now=now)
