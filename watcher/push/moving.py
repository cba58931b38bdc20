"""
Moving an application here from another server, with its topics and followers, and letting followers claim their UIDs.

All of a move is one transaction, the token for sending onwards included: a kill leaves nothing or all of it, and the
same move again changes nothing. Nobody is told of it, and callbacks say nothing.

What a claim opens is sent to the UID by the other server, so whoever knows a UID and no more gets nowhere: no page
takes a UID. Whoever runs the other server can read what goes through it, as it always could. Of a UID that came from
another server, or from none, a server can say nothing: it is taken, and no claim of it is sent there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from watcher.core.acts import Act
from watcher.core.channels import AddressDraft, ChannelName, place_of
from watcher.core.moves import INVITATION_LIFE, Invited, KnownUid, Move, MovedFollower, MoveReport, NewSubscription
from watcher.core.push import App, AppProfile, Place, Subscriber, SubscriptionState
from watcher.push.apps import checked_name, checked_profile
from watcher.push.channels.upstream.address import moved_address, topic_address
from watcher.push.channels.upstream.settings import UpstreamSettings
from watcher.push.context import Resource
from watcher.push.foreign_ids import checked_app_token, checked_number, checked_uid
from watcher.push.ids import hash_token, new_mirror_uid, new_secret, new_slug, new_spt

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_ALSO_NAMED: Final = 1_000
"""UIDs that a report lists as taken."""


class Moving(Resource):
    """Moves to one push store. Each method raises StoreError."""

    async def look(self, move: Move, account: UpstreamSettings) -> MoveReport:
        """Return what `carry_out` would write, or what is taken; write nothing. Raises InvalidRequestError."""
        return await self._move(move, account, keep=None)

    async def carry_out(self, move: Move, account: UpstreamSettings, keep: Callable[[], None]) -> MoveReport:
        """
        Write a move, unless something of it is taken; return what was written, or what is taken.

        Args:
            account: of the application on the other server; its token is the one here, too.
            keep: writes down by what to send onwards, within the transaction; an error of it undoes all.

        Raises:
            InvalidRequestError: a number, a UID or the token is none.
        """
        return await self._move(move, account, keep=keep)

    async def invited(self, urls: Mapping[int, str], *, limit: int) -> Sequence[Invited]:
        """
        Return who is to be invited now, by id: whose last link is over, or who had none.

        Args:
            urls: of the servers that applications came from: who follows one and came from the same server.
        """
        before = self._now() - INVITATION_LIFE
        return await self._store.read(lambda tx: tx.moves.invited(urls=urls, before=before, limit=limit))

    async def make_claim(self, invited: Invited) -> str:
        """Return a token (190 bits), good once and for INVITATION_LIFE, by which a device becomes the subscriber's."""
        token, now = new_secret(), self._now()
        expires_at = now + INVITATION_LIFE
        await self._store.write(
            lambda tx: tx.claims.add(invited.subscriber_id, token_hash=hash_token(token), expires_at=expires_at, at=now)
        )
        return token

    async def note_invited(self, invited: Invited) -> None:
        """Note that the other server took a link for this subscriber."""
        now = self._now()
        await self._store.write(lambda tx: tx.moves.note_invited(invited.subscriber_id, at=now))

    async def is_to_claim(self, subscriber: Subscriber) -> bool:
        """Return whether a subscriber came from another server, and is still told by it."""
        return await self._store.read(lambda tx: tx.moves.is_to_claim(subscriber.id))

    async def settle(self, subscriber: Subscriber) -> None:
        """Let a subscriber who came from another server be told here from now on, as a claim does."""
        now = self._now()
        await self._store.write(lambda tx: tx.moves.claim(subscriber.id, at=now))

    async def carried(self, subscriber_id: int) -> Mapping[int, Collection[int]]:
        """Return the numbers of the topics that another server still brings a subscriber, by application."""
        return await self._store.read(lambda tx: tx.moves.carried(subscriber_id))

    async def _move(self, move: Move, account: UpstreamSettings, keep: Callable[[], None] | None) -> MoveReport:
        token = checked_app_token("token", account.token)
        work = partial(_move, move=_checked(move), token=token, url=account.url, now=self._now())

        def all_or_nothing(tx: Transaction) -> MoveReport:
            report = work(tx)
            if keep is None or report.taken:
                raise _UndoneError(report)
            if report.is_new:
                self._note(tx, Act.APP_MOVED, move.name, app_id=move.app_id)
            keep()
            return report

        try:
            return await self._store.write(all_or_nothing)
        except _UndoneError as undone:
            return undone.report


class _UndoneError(Exception):
    """Takes the transaction back."""

    def __init__(self, report: MoveReport) -> None:
        super().__init__()
        self.report = report


def _checked(move: Move) -> Move:
    """Return a move whose numbers, names and UIDs are such. Raises a PushError."""
    checked_number("app-id", move.app_id)
    for topic_id, name in move.topics.items():
        checked_number("topic", topic_id)
        checked_name(f"topic {topic_id}", name)
    for follower in move.followers:
        checked_uid("uid", follower.uid)
    checked_profile(AppProfile(name=move.name))
    return move


def _move(tx: Transaction, move: Move, token: str, url: str, now: datetime) -> MoveReport:
    known = tx.moves.known({follower.uid for follower in move.followers})
    app = tx.apps.of_id(move.app_id)
    owner = tx.apps.with_token_hash(hash_token(token))
    if taken := [*_taken_app(app, owner), *_taken_topics(tx, move), *_taken_uids(known, url)]:
        return MoveReport(taken=taken)
    if app is None:
        tx.apps.add(
            checked_profile(AppProfile(name=move.name)),
            slug=new_slug(),
            token_hash=hash_token(token),
            signing_key=new_secret(),
            app_id=move.app_id,
            created_at=now,
        )
    topic_ids = [topic_id for topic_id in sorted(move.topics) if not tx.topics.has(topic_id)]
    for topic_id in topic_ids:
        _add_topic(tx, move, topic_id, now)
    # Who has claimed decides here: what they left here since is not brought back, and a new application is added.
    coming = [each for each in move.followers if app is None or not _has_claimed(known, each)]
    new = _add_subscribers(tx, coming, known, url, now)
    ids = {**{uid: each.subscriber_id for uid, each in known.items()}, **new}
    added = tx.moves.add_subscriptions([_subscription(move, each, ids[each.uid], now) for each in coming])
    _reach(tx, coming, ids, url, now)
    return MoveReport(
        is_new=app is None,
        topic_ids=topic_ids,
        subscribers=len(new),
        subscriptions=added,
        by_topic_alone=len(by_topic_alone(move)),
    )


def by_topic_alone(move: Move) -> Collection[str]:
    """Return the UIDs of those who follow topics and not the application itself."""
    direct = {each.uid for each in move.followers if each.topic_id is None}
    return {each.uid for each in move.followers} - direct


def _taken_app(app: App | None, owner: App | None) -> Sequence[str]:
    if app is not None and (owner is None or owner.id != app.id):
        return [f"application {app.id} is there already, with another token: {app.profile.name}"]
    if app is None and owner is not None:
        return [f"the token is that of application {owner.id} here: {owner.profile.name}"]
    return []


def _taken_topics(tx: Transaction, move: Move) -> Sequence[str]:
    taken = []
    for topic_id in sorted(move.topics):
        topic = tx.topics.of_id(topic_id)
        if topic is not None and topic.app_id != move.app_id:
            taken.append(f"topic {topic_id} is there already: {topic.name}, of application {topic.app_id}")
        elif topic is None and tx.topics.has(topic_id):
            taken.append(f"topic {topic_id} is there already: it was merged into another one")
    return taken


def _taken_uids(known: Mapping[str, KnownUid], url: str) -> Sequence[str]:
    taken = sorted(uid for uid, each in known.items() if each.moved_from != url)
    more = [f"and {len(taken) - _ALSO_NAMED} more"] if len(taken) > _ALSO_NAMED else []
    return [*(f"there is a subscriber {uid} already, {_origin(known[uid])}" for uid in taken[:_ALSO_NAMED]), *more]


def _origin(known: KnownUid) -> str:
    if not known.is_moved:
        return "who did not come by a move"
    return f"who came from {known.moved_from or 'a server that was not noted'}"


def _has_claimed(known: Mapping[str, KnownUid], follower: MovedFollower) -> bool:
    return follower.uid in known and known[follower.uid].is_claimed


def _add_topic(tx: Transaction, move: Move, topic_id: int, now: datetime) -> None:
    """Add a topic, and a mirror by which all who follow it there are told there."""
    name = checked_name("topic", move.topics[topic_id])
    tx.topics.add(app_id=move.app_id, slug=new_slug(), name=name, description="", created_at=now, topic_id=topic_id)
    uid, value = new_mirror_uid(), topic_address(topic_id)
    mirror = tx.subscribers.add(uid=uid, spt_hash=hash_token(new_spt()), created_at=now)
    label = f"WxPusher {topic_id}"
    tx.subscribers.describe(mirror.id, nickname=label, is_receiving=True)
    draft = AddressDraft(
        channel=ChannelName.UPSTREAM, fingerprint=hash_token(f"{uid} {value}"), value=value, label=label
    )
    tx.addresses.put(mirror.id, draft, place=0, at=now)
    tx.subscriptions.add(mirror.id, Place(topic_id=topic_id), state=SubscriptionState.FOLLOWING, created_at=now)
    tx.followers.set_remark(move.app_id, mirror.id, label)


def _add_subscribers(
    tx: Transaction, coming: Sequence[MovedFollower], known: Mapping[str, KnownUid], url: str, now: datetime
) -> Mapping[str, int]:
    """Add those who are not here yet; return their ids by UID."""
    since: dict[str, datetime] = {}
    for each in coming:
        if each.uid not in known:
            since[each.uid] = min(each.since, since.get(each.uid, now))
    tx.moves.add_subscribers({uid: hash_token(new_spt()) for uid in since}, created_at=since, url=url, at=now)
    return {uid: each.subscriber_id for uid, each in tx.moves.known(since).items()}


def _subscription(move: Move, follower: MovedFollower, subscriber_id: int, now: datetime) -> NewSubscription:
    is_rejected = follower.is_rejected
    return NewSubscription(
        subscriber_id=subscriber_id,
        topic_id=follower.topic_id,
        app_id=move.app_id if follower.topic_id is None else None,
        state=SubscriptionState.REJECTED if is_rejected else SubscriptionState.FOLLOWING,
        created_at=min(follower.since, now),
        is_carried=follower.topic_id is not None and not is_rejected,
    )


def _reach(tx: Transaction, coming: Sequence[MovedFollower], ids: Mapping[str, int], url: str, now: datetime) -> None:
    """Tell those who follow the application there by their UIDs, unless they are told so already."""
    uids = {each.uid for each in coming if each.topic_id is None and not each.is_rejected}
    have_one = tx.moves.with_address([ids[uid] for uid in uids], ChannelName.UPSTREAM)
    lacking = sorted(uid for uid in uids if ids[uid] not in have_one)
    # Somebody here may have confirmed the UID as an address of another inbox (as `confirmations` has it).
    used = tx.moves.fingerprints(ChannelName.UPSTREAM, [hash_token(uid) for uid in lacking])
    place = place_of(ChannelName.UPSTREAM, ())
    for uid in lacking:
        first = hash_token(uid)
        fingerprint = hash_token(f"{ids[uid]} {first}") if first in used else first
        value = moved_address(uid, url)
        draft = AddressDraft(channel=ChannelName.UPSTREAM, fingerprint=fingerprint, value=value)
        tx.addresses.put(ids[uid], draft, place=place, at=now)
