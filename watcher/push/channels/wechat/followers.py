"""
People who follow the WeChat account. Each is a subscriber; the openid is an address of it.

| a follower | what becomes of it |
|---|---|
| scans the code of a topic or an application | the subscriber, made if the openid is new, follows it as by any scan |
| scans the claim of an inbox | is asked whether to link it, and told what that means; nothing else happens |
| answers with the number from the question | the openid is an address of the claim's subscriber from now on |
| is reached for another subscriber already | nothing is asked or linked: no link takes an address away |
| scans anything else, or comes without a code | the subscriber is made, or reached there again |
| leaves the account, or refuses its messages | the address is dropped; UID and subscriptions stay |
| writes something else | an up-command |

A QR code may be an attacker's, so the yes comes from the openid that scanned it, over the account, and its number is
of this one question. Each is one transaction. All but the last may be repeated without harm.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from watcher.core.callbacks import Origin, Source
from watcher.core.channels import ChannelName
from watcher.core.push import App, Place, PushTopic, Subscriber, SubscriptionState
from watcher.core.wakeups import wakes_callbacks
from watcher.errors import RefusedError
from watcher.push.apps import known_app
from watcher.push.channels.wechat.linking import answered, ask, is_asked
from watcher.push.channels.wechat.scan_results import ScanOutcome, ScanResult, reached
from watcher.push.channels.wechat.scenes import Scene, SceneKind
from watcher.push.commands import CommandReply, command
from watcher.push.context import Resource
from watcher.push.ids import hash_token
from watcher.push.subscribers import follow

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_ANSWER: Final = re.compile(r"[0-9]{6}")
_COMMAND: Final = ("#", "＃")


class Followers(Resource):
    """The followers of the WeChat account, over one push store. Each method raises StoreError."""

    async def take_signature(self, signature: str, key: str) -> bool:
        """Return whether this signature speaks for the event with this key, as it does from its first call on."""
        now, digest = self._now(), hash_token(f"signature {signature}")
        return await self._store.write(lambda tx: tx.wechat_calls.put(digest, key, at=now) == key)

    async def has_settled(self, key: str) -> bool:
        """Return whether an event was acted upon: this one is a repeat."""
        return await self._store.read(lambda tx: tx.wechat_calls.has(hash_token(f"settled {key}"), at=self._now()))

    async def settle(self, key: str) -> None:
        """Note that an event was acted upon: from now on it is a repeat, at each server."""
        now = self._now()
        await self._store.write(lambda tx: tx.wechat_calls.put(hash_token(f"settled {key}"), key, at=now))

    async def arrive(self, openid: str, scene: Scene | None) -> ScanResult:
        """Take in who follows the account or scanned a code, and do what the code was made for."""
        work = partial(_arrive, openid=openid, scene=scene, now=self._now())
        result = await self._store.write(work, wakes=wakes_callbacks)
        if result.outcome is ScanOutcome.WAITING and result.subscriber is not None:
            self._left.forget_all_of(result.subscriber.id)  # its owner is asked anew
        return result

    async def leave(self, openid: str) -> None:
        """Reach nobody there any more; who comes back is the same subscriber again."""
        await self._store.write(partial(_leave, openid=openid))

    async def say(self, openid: str, text: str) -> CommandReply | ScanResult:
        """
        Take the answer to a question, or carry out what a follower wrote (see `commands`).

        Raises InvalidRequestError for half a surrogate pair.
        """
        work = partial(_say, openid=openid, text=text, now=self._now())
        return await self._store.write(work, wakes=wakes_callbacks)


def _arrive(tx: Transaction, openid: str, scene: Scene | None, now: datetime) -> ScanResult:
    if scene is not None and scene.kind is SceneKind.CLAIM:
        return ask(tx, openid, scene.slug, now)
    subscriber = reached(tx, openid, now)
    if scene is None:
        return ScanResult(outcome=ScanOutcome.WELCOME, subscriber=subscriber)
    place = _place(tx, scene)
    if place is None:
        return ScanResult(outcome=ScanOutcome.MISSING, subscriber=subscriber)
    return _follow(tx, subscriber, place, now)


def _place(tx: Transaction, scene: Scene) -> PushTopic | App | None:
    of_slug = tx.topics.of_slug if scene.kind is SceneKind.TOPIC else tx.apps.of_slug
    return of_slug(scene.slug)


def _follow(tx: Transaction, subscriber: Subscriber, target: PushTopic | App, now: datetime) -> ScanResult:
    if isinstance(target, App):
        place, owner, name = Place(app_id=target.id), target, target.profile.name
    else:
        place, owner, name = Place(topic_id=target.id), known_app(tx, target.app_id), target.name
    if owner.is_paused:
        return ScanResult(outcome=ScanOutcome.PAUSED, subscriber=subscriber, place=name)
    try:
        state = follow(tx, subscriber.id, place, origin=Origin(source=Source.SCAN), now=now)
    except RefusedError:
        is_known = tx.subscriptions.find(subscriber.id, place) is not None
        outcome = ScanOutcome.REJECTED if is_known else ScanOutcome.CLOSED
        return ScanResult(outcome=outcome, subscriber=subscriber, place=name)
    if state is SubscriptionState.WAITING:
        return ScanResult(outcome=ScanOutcome.WAITING, subscriber=subscriber, place=name)
    prompt = owner.profile.follow_prompt.replace("{UID}", subscriber.uid)
    return ScanResult(outcome=ScanOutcome.FOLLOWING, subscriber=subscriber, place=name, prompt=prompt)


def _leave(tx: Transaction, openid: str) -> None:
    address = tx.addresses.of_fingerprint(ChannelName.WECHAT, hash_token(openid))
    if address is not None:
        tx.addresses.remove(address.id)


def _say(tx: Transaction, openid: str, text: str, now: datetime) -> CommandReply | ScanResult:
    words = unicodedata.normalize("NFKC", text).strip()
    if _ANSWER.fullmatch(words) and (result := answered(tx, openid, words, now)) is not None:
        return result
    known = tx.subscribers.of_openid(hash_token(openid))
    if not words.startswith(_COMMAND) and is_asked(tx, hash_token(openid), now):
        return ScanResult(outcome=ScanOutcome.UNCLEAR, subscriber=known)
    # Who took the address off its list is not reached there again for having written something.
    return command(tx, known or reached(tx, openid, now), text, now=now)
