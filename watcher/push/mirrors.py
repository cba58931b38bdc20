"""
Mirrors: a topic's messages are posted into groups too, by the groups' robots.

A mirror is a subscriber of the topic whom nobody is, with one address: posts are its deliveries.

| what ends it | what is posted then |
|---|---|
| its owner removes it, here or from the list of subscribers; the topic is removed | nothing any more |
| the application is handed over to another owner | nothing any more |
| the topic is merged into another one | what is sent to that one |
| its service knows the robot no more | nothing, and each delivery says why |

What ends one leaves its deliveries in the log, and takes the robot's webhook away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from watcher.core.acts import Act
from watcher.core.channels import AddressDraft, Channel, Gone, Notification, Retry, SendResult
from watcher.core.handovers import ADDRESS_LOST, NOT_SET_UP
from watcher.core.mirrors import MAX_MIRRORS, Mirror
from watcher.core.push import Message, Place, PushTopic, SubscriptionState
from watcher.core.wakeups import Wakeup
from watcher.errors import RefusedError
from watcher.push.apps import checked_name
from watcher.push.channels.places import identity
from watcher.push.context import Resource
from watcher.push.draft import make_draft
from watcher.push.ids import hash_token, new_mirror_uid, new_slug, new_spt
from watcher.push.topics import known_topic
from watcher.translations import Locale, spoken, text

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_TEST_SECONDS: Final = 15.0
"""A limit for a channel that does not keep to its own."""
_TIDIED_AT_ONCE: Final = 100


class Mirrors(Resource):
    """The mirrors of all topics. Each method raises StoreError."""

    async def of(self, topic: PushTopic) -> Sequence[Mirror]:
        """Return a topic's mirrors, by age."""
        return await self._store.read(lambda tx: tx.mirrors.of_topic(topic.id))

    async def find(self, topic: PushTopic, uid: str) -> Mirror | None:
        """Return the mirror of the topic that has this UID."""
        return next((each for each in await self.of(topic) if each.uid == uid), None)

    async def add(self, topic_id: int, place: AddressDraft, name: str, *, lang: str) -> Mirror:
        """
        Post the topic's messages there from now on.

        Args:
            place: as `read_place` gives it.
            name: what the group is called, for whoever looks at the list; 1 to 100 characters.
            lang: `zh` or `en`, of what is written around a message.

        Raises:
            RefusedError: there is no such topic, the robot posts it already, or it has MAX_MIRRORS.
        """
        name, now = checked_name("name", name), self._now()

        def work(tx: Transaction) -> str:
            topic = known_topic(tx, topic_id)
            _check_room(tx.mirrors.of_topic(topic.id), place)
            uid = new_mirror_uid()
            mirror = tx.subscribers.add(uid=uid, spt_hash=hash_token(new_spt()), created_at=now)
            tx.subscribers.describe(mirror.id, nickname=name, is_receiving=True)
            wanted = tx.subscribers.preferences(mirror.id)
            tx.subscribers.prefer(mirror.id, replace(wanted, lang=lang))
            # The same robot may post several topics: an address is of one subscriber.
            own = replace(place, fingerprint=hash_token(f"{uid} {place.fingerprint}"))
            tx.addresses.put(mirror.id, own, place=0, at=now)
            tx.subscriptions.add(mirror.id, Place(topic_id=topic.id), state=SubscriptionState.FOLLOWING, created_at=now)
            tx.followers.set_remark(topic.app_id, mirror.id, name)
            self._note(tx, Act.MIRROR_MADE, f"{topic.name} → {name}", app_id=topic.app_id)
            return uid

        uid = await self._store.write(work)
        [made] = [each for each in await self._store.read(lambda tx: tx.mirrors.of_topic(topic_id)) if each.uid == uid]
        return made

    async def remove(self, topic_id: int, uid: str) -> Mirror:
        """Post nothing there any more, what waits neither, and forget the robot. Raises RefusedError: there is none."""

        def work(tx: Transaction) -> Mirror:
            topic = known_topic(tx, topic_id)
            mirror = next((each for each in tx.mirrors.of_topic(topic.id) if each.uid == uid), None)
            if mirror is None:
                raise RefusedError("the topic is not posted there", field="uid")
            end_mirror(tx, topic, mirror)
            self._note(tx, Act.MIRROR_REMOVED, f"{topic.name} → {mirror.name}", app_id=topic.app_id)
            return mirror

        return await self._store.write(work, wakes=lambda _: {Wakeup.HANDOVER: None})

    async def test(self, topic: PushTopic, mirror: Mirror, channel: Channel | None, *, link: str) -> SendResult:
        """
        Post a test, which is stored nowhere, and return what the robot's service says.

        Args:
            channel: over which the mirror is reached; None: it is not set up here.
            link: leads to the topic's page.
        """
        if mirror.address is None or channel is None:
            return Gone(reason=ADDRESS_LOST if channel else NOT_SET_UP)
        wanted = await self._store.read(lambda tx: tx.subscribers.preferences(mirror.subscriber_id))
        subject = f"{topic.name} → {mirror.name}"
        await self._store.write(lambda tx: self._note(tx, Act.MIRROR_TESTED, subject, app_id=topic.app_id))
        try:
            async with asyncio.timeout(_TEST_SECONDS):
                return await channel.send(self._test_of(topic, link=link, lang=wanted.lang), mirror.address)
        except TimeoutError:
            return Retry(reason=f"no answer within {_TEST_SECONDS:g} s")

    async def tidy(self) -> int:
        """Forget the robots of mirrors that ended otherwise than by `remove`; return how many, some at a time."""
        return await self._store.write(lambda tx: tx.mirrors.tidy(limit=_TIDIED_AT_ONCE))

    def _test_of(self, topic: PushTopic, *, link: str, lang: str) -> Notification:
        language, now = spoken(lang) or Locale.ENGLISH, self._now()
        draft = make_draft(text(language, "mirror_test_text"), summary=text(language, "mirror_test_title"))
        message = Message(
            id=0, slug=new_slug(), app_id=topic.app_id, app_name="", topic=topic.name, draft=draft, created_at=now
        )
        return Notification(item_id=0, message=message, link=link, expires_at=now + timedelta(minutes=1), lang=lang)


def end_mirror(tx: Transaction, topic: PushTopic, mirror: Mirror) -> None:
    """Post a topic's messages there no more, what waits neither, and forget the robot."""
    if mirror.address is not None:
        tx.addresses.remove(mirror.address.id)
    subscription = tx.subscriptions.find(mirror.subscriber_id, Place(topic_id=topic.id))
    if subscription is not None:
        tx.subscriptions.remove(subscription.id)


def _check_room(mirrors: Sequence[Mirror], place: AddressDraft) -> None:
    if len(mirrors) >= MAX_MIRRORS:
        raise RefusedError(
            f"the topic is posted into {len(mirrors)} groups already, which is the most", field="webhook"
        )
    for each in mirrors:
        address = each.address
        if address is not None and hash_token(identity(address.channel, address.value)) == place.fingerprint:
            raise RefusedError(f"the topic is posted there already, as {each.name}", field="webhook")
