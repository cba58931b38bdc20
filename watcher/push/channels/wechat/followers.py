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
import secrets
import unicodedata
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.callbacks import Origin, Source
from watcher.core.channels import ChannelName
from watcher.core.push import App, InboxSummary, Place, PushTopic, Subscriber, SubscriptionState
from watcher.errors import RefusedError
from watcher.push.addresses import add_address
from watcher.push.apps import known_app
from watcher.push.channels.wechat.scenes import Scene, SceneKind
from watcher.push.commands import CommandReply, command
from watcher.push.context import Noun
from watcher.push.ids import hash_token
from watcher.push.subscribers import add_without_device, follow, summary

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


_ANSWER: Final = re.compile(r"[0-9]{6}")
_COMMAND: Final = ("#", "＃")


class ScanOutcome(StrEnum):
    """The result of a scan, or of the answer to a question."""

    FOLLOWING = "following"
    WAITING = "waiting"
    """for the approval of the topic's owner"""
    REJECTED = "rejected"
    """its owner does not let this subscriber follow it"""
    CLOSED = "closed"
    """it takes no new followers"""
    MISSING = "missing"
    """what the code led to is not there any more"""
    ASKED = "asked"
    """linked only after the follower confirms it"""
    UNCLEAR = "unclear"
    """a question is open, and this is no answer to it"""
    LINKED = "linked"
    """the subscriber of the claim is reached in WeChat as well"""
    TAKEN = "taken"
    """this follower is reached for another subscriber, and stays so"""
    EXPIRED = "expired"
    """the claim was taken already, or its time is over"""
    WELCOME = "welcome"
    """there was no code of ours"""


class Arrival(Struct, frozen=True, kw_only=True):
    """
    Somebody who came by a scan, or without.

    Attributes:
        subscriber: whose openid it is; None while it is nobody's.
        place: name of the topic or application; empty when the code led to none.
        prompt: what its owner says to who follows it; may be empty.
        inbox: the one that the question is about.
        answer: the number that says yes to it, 6 digits.
        leaves: the UID whose subscriptions WeChat brings no more after a yes; empty when there is none.
    """

    outcome: ScanOutcome
    subscriber: Subscriber | None
    place: str = ""
    prompt: str = ""
    inbox: InboxSummary | None = None
    answer: str = ""
    leaves: str = ""


class Followers(Noun):
    """The followers of the WeChat account, over one push store. Each method raises StoreError."""

    async def arrive(self, openid: str, scene: Scene | None) -> Arrival:
        """Take in who follows the account or scanned a code, and do what the code was made for."""
        work = partial(_arrive, openid=openid, scene=scene, now=self._now())
        return await self._store.write(work, then=self._wakeups.wake_callback_senders)

    async def leave(self, openid: str) -> None:
        """Reach nobody there any more; who comes back is the same subscriber again."""
        await self._store.write(partial(_leave, openid=openid))

    async def say(self, openid: str, text: str) -> CommandReply | Arrival:
        """
        Take the answer to a question, or carry out what a follower wrote (see `commands`).

        Raises InvalidRequestError for half a surrogate pair.
        """
        work = partial(_say, openid=openid, text=text, now=self._now())
        return await self._store.write(work, then=self._wakeups.wake_callback_senders)


def _arrive(tx: Transaction, openid: str, scene: Scene | None, now: datetime) -> Arrival:
    if scene is not None and scene.kind is SceneKind.CLAIM:
        return _ask(tx, openid, scene.slug, now)
    subscriber = _reached(tx, openid, now)
    if scene is None:
        return Arrival(outcome=ScanOutcome.WELCOME, subscriber=subscriber)
    place = _place(tx, scene)
    if place is None:
        return Arrival(outcome=ScanOutcome.MISSING, subscriber=subscriber)
    return _follow(tx, subscriber, place, now)


def _ask(tx: Transaction, openid: str, claim: str, now: datetime) -> Arrival:
    fingerprint, token_hash = hash_token(openid), hash_token(claim)
    known = tx.subscribers.of_openid(fingerprint)
    owner_id = tx.claims.subscriber_id(token_hash, at=now)
    owner = None if owner_id is None else tx.subscribers.of_id(owner_id)
    if owner is None:
        return Arrival(outcome=ScanOutcome.EXPIRED, subscriber=known)
    if (reached := _reached_id(tx, fingerprint)) is not None:
        return Arrival(outcome=ScanOutcome.LINKED if reached == owner.id else ScanOutcome.TAKEN, subscriber=known)
    answer = f"{secrets.randbelow(10**6):06}"
    if not tx.claims.ask(token_hash, openid_hash=fingerprint, answer_hash=_hash_answer(openid, answer), at=now):
        return Arrival(outcome=ScanOutcome.EXPIRED, subscriber=known)
    return Arrival(
        outcome=ScanOutcome.ASKED,
        subscriber=known,
        inbox=summary(tx, owner),
        answer=answer,
        leaves=known.uid if known is not None and known != owner else "",
    )


def _answered(tx: Transaction, openid: str, answer: str, now: datetime) -> Arrival | None:
    """Link the openid if this is the answer to a question; None when it is not."""
    fingerprint = hash_token(openid)
    owner_id = tx.claims.answer(fingerprint, _hash_answer(openid, answer), at=now)
    owner = None if owner_id is None else tx.subscribers.of_id(owner_id)
    if owner is None:
        return None
    # Between the question and the answer the follower may have scanned something else.
    if _reached_id(tx, fingerprint) not in (None, owner.id):
        return Arrival(outcome=ScanOutcome.TAKEN, subscriber=tx.subscribers.of_openid(fingerprint))
    tx.subscribers.note_openid(owner.id, openid_hash=fingerprint)
    return Arrival(outcome=ScanOutcome.LINKED, subscriber=_reached(tx, openid, now))


def _is_asked(tx: Transaction, fingerprint: str, now: datetime) -> bool:
    """Return whether an answer of this follower could link an inbox."""
    return tx.claims.is_asked(fingerprint, at=now) and _reached_id(tx, fingerprint) is None


def _reached_id(tx: Transaction, fingerprint: str) -> int | None:
    """Return the id of the subscriber who is reached at this openid."""
    address = tx.addresses.of_fingerprint(ChannelName.WECHAT, fingerprint)
    return None if address is None else address.subscriber_id


def _hash_answer(openid: str, answer: str) -> str:
    # Numbers are few, so each is one only together with who has to say it.
    return hash_token(f"{openid} {answer}")


def _reached(tx: Transaction, openid: str, now: datetime) -> Subscriber:
    """Return whose openid this is, made if nobody's, and reached there from now on."""
    fingerprint = hash_token(openid)
    subscriber = tx.subscribers.of_openid(fingerprint)
    if subscriber is None:
        subscriber, _ = add_without_device(tx, now=now)
        tx.subscribers.note_openid(subscriber.id, openid_hash=fingerprint)
    add_address(tx, subscriber.id, ChannelName.WECHAT, fingerprint=fingerprint, value=openid, now=now)
    return subscriber


def _place(tx: Transaction, scene: Scene) -> PushTopic | App | None:
    of_slug = tx.topics.of_slug if scene.kind is SceneKind.TOPIC else tx.apps.of_slug
    return of_slug(scene.slug)


def _follow(tx: Transaction, subscriber: Subscriber, target: PushTopic | App, now: datetime) -> Arrival:
    if isinstance(target, App):
        place, owner, name = Place(app_id=target.id), target, target.profile.name
    else:
        place, owner, name = Place(topic_id=target.id), known_app(tx, target.app_id), target.name
    try:
        state = follow(tx, subscriber.id, place, origin=Origin(source=Source.SCAN), now=now)
    except RefusedError:
        is_known = tx.subscriptions.find(subscriber.id, place) is not None
        outcome = ScanOutcome.REJECTED if is_known else ScanOutcome.CLOSED
        return Arrival(outcome=outcome, subscriber=subscriber, place=name)
    if state is SubscriptionState.WAITING:
        return Arrival(outcome=ScanOutcome.WAITING, subscriber=subscriber, place=name)
    prompt = owner.profile.follow_prompt.replace("{UID}", subscriber.uid)
    return Arrival(outcome=ScanOutcome.FOLLOWING, subscriber=subscriber, place=name, prompt=prompt)


def _leave(tx: Transaction, openid: str) -> None:
    address = tx.addresses.of_fingerprint(ChannelName.WECHAT, hash_token(openid))
    if address is not None:
        tx.addresses.remove(address.id)


def _say(tx: Transaction, openid: str, text: str, now: datetime) -> CommandReply | Arrival:
    words = unicodedata.normalize("NFKC", text).strip()
    if _ANSWER.fullmatch(words) and (arrival := _answered(tx, openid, words, now)) is not None:
        return arrival
    known = tx.subscribers.of_openid(hash_token(openid))
    if not words.startswith(_COMMAND) and _is_asked(tx, hash_token(openid), now):
        return Arrival(outcome=ScanOutcome.UNCLEAR, subscriber=known)
    # Who took the address off its list is not reached there again for having written something.
    return command(tx, known or _reached(tx, openid, now), text, now=now)
