"""Handing over: to real databases, with relays that answer as they are told and a clock that is set."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from tests.push.builders import a_draft, a_reader, an_owner, texts, the_topic
from tests.push.relays import Relay, Room, a_room, until
from tests.running import meanwhile
from watcher.core.channels import (
    Address,
    AddressDraft,
    ChannelName,
    Gone,
    Notification,
    Pause,
    Preferences,
    Refused,
    Retry,
    SendResult,
    Sent,
    Strikes,
)
from watcher.core.handovers import WORTH_TELLING
from watcher.core.pace import FAILOVER_AFTER, LEAST_FAILOVER_AFTER
from watcher.core.phrases.english import ENGLISH
from watcher.core.push import AppProfile, DeliveryCounts, DeliveryState, SendStatus
from watcher.core.quiet import parse_quiet_hours
from watcher.core.wakeups import Woken
from watcher.core.watch import ADMIN_TOPIC, Topic
from watcher.errors import StoreError
from watcher.push.background.deliverer import Deliverer
from watcher.push.channels.ntfy import NtfyChannel
from watcher.store.push.file_database import open_file
from watcher.store.push.store import PushStore, Transaction

T = TypeVar("T")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Moody(PushStore):
    """A store that refuses to write when it is told to."""

    refuses = False
    refused = 0

    async def write(
        self,
        work: Callable[[Transaction], T],
        *,
        wakes: Callable[[T], Woken] | None = None,
        then: Callable[[T], object] | None = None,
        is_send: bool = False,
    ) -> T:
        if self.refuses:
            self.refused += 1
            raise StoreError("the disk is full")
        return await super().write(work, wakes=wakes, then=then, is_send=is_send)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with a_room(tmp_path) as made:
        yield made


@pytest.mark.faults
@pytest.mark.parametrize(
    ("answer", "state", "addresses", "waiting"),
    [
        pytest.param(Sent(), ("webpush", "sent", None), ["phone@a"], 0, id="sent"),
        pytest.param(Retry(reason="busy"), ("webpush", "queued", None), ["phone@a"], 1, id="retry"),
        pytest.param(Refused(reason="no"), ("webpush", "failed", "no"), ["phone@a"], 0, id="refused"),
        pytest.param(
            Refused(reason="404", strikes=Strikes(most=2)),
            ("webpush", "failed", "404"),
            ["phone@a"],
            0,
            id="first strike",
        ),
        pytest.param(
            Refused(reason="404", strikes=Strikes(most=1)), ("webpush", "failed", "404"), [], 0, id="last strike"
        ),
        pytest.param(Gone(reason="410"), ("webpush", "failed", "410"), [], 0, id="gone"),
    ],
)
async def test_an_answer_settles_the_delivery_and_the_address(
    room: Room, answer: SendResult, state: tuple[str, str, str | None], addresses: list[str], waiting: int
) -> None:
    relay = Relay(answer=lambda *_: answer)
    reader = await room.a_reader("phone@a")
    async with room.delivering(relay):
        message_id = await room.send("news", reader)
        await until(lambda: len(relay.got) == 1)
    assert await room.states(message_id) == [state]
    assert await room.addresses(reader) == addresses
    assert room.waiting() == waiting


async def test_the_channel_gets_the_message_its_link_and_the_item_that_is_acknowledged(room: Room) -> None:
    relay = Relay()
    reader = await room.a_reader("phone@a")
    await room.service.preferences.change(reader, lambda _: Preferences(lang="zh"))
    async with room.delivering(relay):
        message_id = await room.send("news", reader)
        await room.quiet()
    [notification] = relay.notifications
    [item] = await room.service.inbox.items(reader)
    assert (notification.item_id, notification.message) == (item.id, item.message)
    assert notification.link == f"https://push.example/m/{item.message.slug}"
    assert (notification.lang, notification.expires_at) == ("zh", room.clock.at + WORTH_TELLING)
    [delivery] = await room.deliveries(message_id)
    assert (delivery.sent_at, delivery.uid) == (room.clock.at, reader.uid)


async def test_what_is_tried_again_comes_in_order_and_one_at_a_time(room: Room) -> None:
    relay = Relay()
    relay.script(Retry(reason="busy"), Retry(reason="busy"))
    reader = await room.a_reader("phone@a")
    async with room.delivering(relay):
        for text in ("first", "second", "third"):
            await room.send(text, reader)
        for attempts in (1, 2):
            await room.tried(attempts)
            room.pass_time(MINUTE)
        await room.quiet()
    assert [text for text, _ in relay.got] == ["first"] * 3 + ["second", "third"]
    assert relay.busiest["phone@a"] == 1


async def test_nothing_comes_before_the_time_that_a_relay_asked_for(room: Room) -> None:
    relay = Relay()
    relay.script(Retry(reason="busy", after=timedelta(hours=1)))
    first, other = await room.a_reader("phone@a"), await room.a_reader("laptop@a")
    async with room.delivering(relay):
        await room.send("held", first)
        await room.tried(1)
        room.pass_time(timedelta(minutes=59))
        await room.send("other", other)
        await until(lambda: room.waiting() == 1)
        assert relay.got == [("held", "phone@a"), ("other", "laptop@a")]
        room.pass_time(timedelta(minutes=2))
        await room.quiet()
    assert relay.got[-1] == ("held", "phone@a")


async def test_a_lane_that_must_wait_waits_as_a_whole_and_others_do_not(room: Room) -> None:
    def answer(_: Notification, address: Address) -> SendResult:
        if address.value.endswith("@slow") and len(relay.got) < 5:
            return Retry(reason="429", after=timedelta(minutes=10), pause=Pause.LANE)
        return Sent()

    relay = Relay(at_once=1, answer=answer)
    readers = [await room.a_reader(f"{number}@{lane}") for number in range(3) for lane in ("slow", "quick")]
    async with room.delivering(relay):
        await room.send("news", *readers)
        await until(lambda: room.waiting() == 3)
        assert sorted(address for _, address in relay.got if address.endswith("quick")) == [
            "0@quick",
            "1@quick",
            "2@quick",
        ]
        assert [address for _, address in relay.got if address.endswith("slow")] == ["0@slow"]
        room.pass_time(timedelta(minutes=9))
        await room.send("more", readers[1])
        await until(lambda: len(relay.got) == 5)
        room.pass_time(timedelta(minutes=2))
        await room.quiet()
    assert [address for _, address in relay.got[5:]] == ["1@slow", "2@slow", "0@slow"]
    assert relay.busiest["slow"] == 1


async def test_what_was_not_shown_goes_to_the_next_channel_and_then_nowhere(room: Room) -> None:
    phone, mail = Relay(), Relay(name=ChannelName.EMAIL)
    reader = await room.a_reader("phone@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    async with room.delivering(phone, mail):
        message_id = await room.send("news", reader)
        await room.quiet()
        room.pass_time(FAILOVER_AFTER - MINUTE)
        await room.send("later", reader)
        await until(lambda: len(phone.got) == 2)
        await room.quiet()
        assert mail.got == []
        room.pass_time(MINUTE)
        await until(lambda: mail.got == [("news", "ann@mail")])
        await room.quiet()
        room.pass_time(FAILOVER_AFTER)
        await until(lambda: len(mail.got) == 2)
        await room.quiet()
        room.pass_time(FAILOVER_AFTER)
        await until(lambda: room.sql("SELECT 1 FROM deliveries WHERE look_at IS NOT NULL") == [])
    assert await room.states(message_id) == [("webpush", "sent", None), ("email", "sent", None)]
    assert (len(phone.got), len(mail.got)) == (2, 2)


async def test_the_next_channel_takes_over_as_soon_as_it_is_to_while_the_first_is_tried_again(room: Room) -> None:
    phone = Relay(answer=lambda *_: Retry(reason="busy"))
    mail = Relay(name=ChannelName.EMAIL)
    reader = await room.a_reader("phone@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    async with room.delivering(phone, mail, failover_after=LEAST_FAILOVER_AFTER):
        await room.send("news", reader)
        await room.tried(1)
        room.pass_time(LEAST_FAILOVER_AFTER)
        await until(lambda: mail.got == [("news", "ann@mail")])


async def test_what_a_blocked_owner_sent_goes_to_no_further_channel_though_nobody_saw_it(room: Room) -> None:
    phone, mail = Relay(), Relay(name=ChannelName.EMAIL)
    reader, ours = await room.a_reader("phone@a"), room.app
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    grace = await an_owner(room.service)
    room.app, _ = await room.service.apps.add(AppProfile(name="theirs"), account_id=grace)
    await room.service.subscriptions.follow(reader, app_id=room.app.id)
    async with room.delivering(phone, mail):
        await room.send("theirs", reader)
        await room.quiet()
        room.app = ours
        await room.send("ours", reader)
        await room.quiet()
        await room.service.accounts.block(grace)
        room.pass_time(FAILOVER_AFTER)
        await until(lambda: len(mail.got) == 1)
        await room.quiet()
    assert (phone.got, mail.got) == ([("theirs", "phone@a"), ("ours", "phone@a")], [("ours", "ann@mail")])


async def test_what_a_relay_refuses_of_a_blocked_owner_goes_to_no_further_channel(room: Room) -> None:
    phone, mail = Relay(answer=lambda *_: Refused(reason="410")), Relay(name=ChannelName.EMAIL)
    phone.gate.clear()
    reader = await room.a_reader("phone@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    grace = await an_owner(room.service)
    room.app, _ = await room.service.apps.add(AppProfile(name="theirs"), account_id=grace)
    await room.service.subscriptions.follow(reader, app_id=room.app.id)
    async with room.delivering(phone, mail):
        message_id = await room.send("theirs", reader)
        await until(lambda: len(phone.got) == 1)
        await room.service.accounts.block(grace)
        phone.gate.set()
        await room.quiet()
    assert mail.got == []
    assert [state for _, state, _ in await room.states(message_id)] == ["failed"]


@pytest.mark.parametrize("is_opened", [False, True])
async def test_what_was_seen_goes_to_no_further_channel(room: Room, is_opened: bool) -> None:
    phone, mail = Relay(), Relay(name=ChannelName.EMAIL)
    reader = await room.a_reader("phone@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    async with room.delivering(phone, mail):
        message_id = await room.send("news", reader)
        await room.quiet()
        [item] = await room.service.inbox.items(reader)
        await (room.service.inbox.mark_opened if is_opened else room.service.inbox.mark_shown)(reader, [item.id])
        room.pass_time(FAILOVER_AFTER)
        await room.send("other", reader)
        await until(lambda: len(phone.got) == 2)
        await room.quiet()
    assert mail.got == []
    [delivery] = await room.deliveries(message_id)
    assert delivery.state is (DeliveryState.OPENED if is_opened else DeliveryState.SHOWN)
    assert delivery.shown_at is not None
    assert (delivery.opened_at is not None) is is_opened


async def test_a_device_that_shows_it_before_the_relay_has_answered_is_believed(room: Room) -> None:
    relay = Relay()
    relay.gate.clear()
    reader = await room.a_reader("phone@a")
    async with room.delivering(relay):
        message_id = await room.send("news", reader)
        await until(lambda: len(relay.got) == 1)
        [item] = await room.service.inbox.items(reader)
        await room.service.inbox.mark_shown(reader, [item.id])
        relay.gate.set()
        await room.quiet()
    assert await room.states(message_id) == [("webpush", "shown", None)]


async def test_a_channel_that_refuses_hands_over_to_the_next_at_once(room: Room) -> None:
    phone, mail = Relay(answer=lambda *_: Gone(reason="410")), Relay(name=ChannelName.EMAIL)
    reader = await room.a_reader("phone@a", "laptop@b")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    async with room.delivering(phone, mail):
        message_id = await room.send("news", reader)
        await until(lambda: len(mail.got) == 1)
        await room.quiet()
    assert len(phone.got) == 2
    assert await room.states(message_id) == [("webpush", "failed", "410"), ("email", "sent", None)]
    assert await room.addresses(reader) == ["ann@mail"]


async def test_one_browser_that_took_it_is_enough(room: Room) -> None:
    def answer(_: Notification, address: Address) -> SendResult:
        return Gone(reason="410") if address.value == "old@a" else Sent()

    phone, mail = Relay(answer=answer), Relay(name=ChannelName.EMAIL)
    reader = await room.a_reader("old@a", "new@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    async with room.delivering(phone, mail):
        message_id = await room.send("news", reader)
        await room.quiet()
    assert await room.states(message_id) == [("webpush", "sent", None)]
    assert mail.got == []


async def test_an_address_that_is_gone_takes_along_all_that_waits_for_it(room: Room) -> None:
    phone, mail = Relay(), Relay(name=ChannelName.EMAIL)
    phone.gate.clear()
    phone.answer = lambda *_: Gone(reason="410")
    reader = await room.a_reader("phone@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    async with room.delivering(phone, mail):
        for text in ("1", "2", "3"):
            await room.send(text, reader)
        await until(lambda: len(phone.got) == 1)
        phone.gate.set()
        await until(lambda: len(mail.got) == 3)
        await room.quiet()
    assert [text for text, _ in mail.got] == ["1", "2", "3"]
    assert len(phone.got) == 1


@pytest.mark.faults
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Gone(reason="410"), id="gone"),
        pytest.param(Refused(reason="404", strikes=Strikes(most=1)), id="the last strike"),
    ],
)
@pytest.mark.parametrize("value", ["renewed@a", "phone@a"])
async def test_an_address_that_is_given_anew_while_its_relay_refuses_the_old_one_stays_and_gets_the_message(
    room: Room, answer: SendResult, value: str
) -> None:
    relay = Relay()
    relay.gate.clear()
    relay.script(answer)
    reader = await room.a_reader("phone@a")
    async with room.delivering(relay):
        message_id = await room.send("news", reader)
        await until(lambda: len(relay.got) == 1)
        fingerprint = hashlib.sha256(b"phone@a").hexdigest()
        await room.service.addresses.add(
            reader, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint=fingerprint, value=value)
        )
        relay.gate.set()
        await room.quiet()
    assert await room.addresses(reader) == [value]
    assert relay.got == [("news", "phone@a"), ("news", value)]
    assert await room.states(message_id) == [("webpush", "sent", None)]


async def test_a_second_strike_within_its_time_drops_the_address_and_a_success_forgets_the_first(room: Room) -> None:
    strike = Refused(reason="404", strikes=Strikes(most=2, within=DAY))
    relay = Relay()
    reader = await room.a_reader("phone@a")
    async with room.delivering(relay):
        for answer in (strike, Sent(), strike):
            relay.answer = lambda *_, answer=answer: answer
            await room.send("news", reader)
            await room.quiet()
        room.pass_time(2 * DAY)
        await room.send("news", reader)
        await room.quiet()
        assert await room.addresses(reader) == ["phone@a"]
        room.pass_time(MINUTE)
        await room.send("news", reader)
        await room.quiet()
    assert await room.addresses(reader) == []


async def test_a_relay_that_is_down_does_not_keep_the_next_channel_waiting(room: Room) -> None:
    phone = Relay(answer=lambda *_: Retry(reason="503", after=timedelta(hours=3)))
    mail = Relay(name=ChannelName.EMAIL)
    reader = await room.a_reader("phone@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    async with room.delivering(phone, mail):
        message_id = await room.send("news", reader)
        await room.tried(1)
        room.pass_time(FAILOVER_AFTER)
        await until(lambda: len(mail.got) == 1)
        await until(lambda: room.waiting() == 1)
        [item] = await room.service.inbox.items(reader)
        await room.service.inbox.mark_shown(reader, [item.id])
        room.pass_time(timedelta(hours=3))
        await room.quiet()
    assert len(phone.got) == 1, "what was seen meanwhile is not told again"
    assert await room.states(message_id) == [
        ("webpush", "failed", "seen in the inbox before it could be sent"),
        ("email", "shown", None),
    ]


async def test_what_a_relay_never_took_expires_and_says_why(room: Room) -> None:
    relay = Relay(answer=lambda *_: Retry(reason="503", after=timedelta(hours=20)))
    reader = await room.a_reader("phone@a")
    async with room.delivering(relay):
        message_id = await room.send("news", reader)
        await room.tried(1)
        room.pass_time(timedelta(hours=20))
        await room.quiet()
    assert await room.states(message_id) == [("webpush", "failed", "expired: 503")]


async def test_what_expired_while_nobody_delivered_is_not_handed_over(room: Room) -> None:
    relay = Relay()
    reader = await room.a_reader("phone@a")
    message_id = await room.send("news", reader)
    room.pass_time(WORTH_TELLING)
    async with room.delivering(relay):
        await room.quiet()
    assert relay.got == []
    assert await room.states(message_id) == [("webpush", "failed", "expired")]


async def test_quiet_hours_put_it_off_without_an_attempt(room: Room) -> None:
    phone, mail = Relay(), Relay(name=ChannelName.EMAIL)
    reader, other = await room.a_reader("phone@a"), await room.a_reader("laptop@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    await room.service.preferences.change(reader, lambda _: Preferences(quiet=parse_quiet_hours("11:00-14:00 UTC")))
    async with room.delivering(phone, mail):
        await room.send("quiet", reader, other)
        await until(lambda: room.waiting() == 1)
        room.pass_time(timedelta(hours=1))
        await room.send("still quiet", reader, other)
        await until(lambda: room.waiting() == 2)
        assert {address for _, address in phone.got} == {"laptop@a"}
        assert room.sql("SELECT sum(attempts) FROM handovers") == [(0,)]
        room.pass_time(FAILOVER_AFTER)
        await until(lambda: room.looks_before(room.clock.at + timedelta(minutes=59)) == 0)
        room.pass_time(timedelta(minutes=59))
        await room.quiet()
    assert [text for text, address in phone.got if address == "phone@a"] == ["quiet", "still quiet"]
    assert mail.got == []


async def test_who_has_left_or_switched_off_by_then_gets_nothing(room: Room) -> None:
    relay = Relay()
    gone, muted, off = [await room.a_reader(f"{number}@a") for number in range(3)]
    message_id = await room.send("news", gone, muted, off)
    await room.service.subscriptions.unfollow(gone, app_id=room.app.id)
    await room.service.subscriptions.set_receiving(muted, False, app_id=room.app.id)
    await room.service.subscribers.describe(off, is_receiving=False)
    async with room.delivering(relay):
        await room.quiet()
    assert relay.got == []
    assert await room.states(message_id) == [("webpush", "failed", "the subscriber does not get this any more")] * 3


async def test_who_muted_for_an_hour_has_it_in_the_inbox_alone_and_is_told_again_after_that(room: Room) -> None:
    relay = Relay()
    topic = await room.service.topics.add("News", app_id=room.app.id)
    reader, other = [await a_reader(room.service, topics=(topic.id,)) for _ in range(2)]
    await room.reach(reader, "muted@a")
    await room.reach(other, "other@a")
    await room.service.subscriptions.mute(reader, timedelta(hours=1), topic_id=topic.id)
    async with room.delivering(relay):
        [sent] = await room.service.messages.send(room.app, a_draft("quiet"), topic_ids=[topic.id])
        await room.quiet()
        assert sent.message_id is not None
        assert await room.states(sent.message_id) == [
            ("webpush", "failed", "the subscriber had muted this for a time: it is in the inbox alone"),
            ("webpush", "sent", None),
        ]
        room.pass_time(timedelta(hours=1))
        await room.service.messages.send(room.app, a_draft("loud"), topic_ids=[topic.id])
        await room.quiet()
    assert await texts(room.service, reader) == ["quiet", "loud"]
    assert sorted(relay.got) == [("loud", "muted@a"), ("loud", "other@a"), ("quiet", "other@a")]


async def test_a_message_to_two_topics_of_which_one_is_muted_is_told(room: Room) -> None:
    relay = Relay()
    muted, other = [await room.service.topics.add(name, app_id=room.app.id) for name in ("News", "Alarms")]
    reader = await a_reader(room.service, topics=(muted.id, other.id))
    await room.reach(reader, "phone@a")
    await room.service.subscriptions.mute(reader, timedelta(hours=1), topic_id=muted.id)
    async with room.delivering(relay):
        await room.service.messages.send(room.app, a_draft("both"), topic_ids=[muted.id, other.id])
        await room.quiet()
    assert relay.got == [("both", "phone@a")]


async def test_what_was_sent_to_a_topic_before_its_removal_is_still_delivered(room: Room) -> None:
    relay = Relay()
    topic = await room.service.topics.add("News", app_id=room.app.id)
    reader = await a_reader(room.service, topics=(topic.id,))
    await room.reach(reader, "phone@a")
    await room.service.messages.send(room.app, a_draft("queued"), topic_ids=[topic.id])
    await room.service.topics.remove(topic.id)
    async with room.delivering(relay):
        await room.quiet()
    assert relay.got == [("queued", "phone@a")]


async def test_a_deleted_message_is_not_handed_over(room: Room) -> None:
    relay = Relay()
    reader = await room.a_reader("phone@a")
    message_id = await room.send("news", reader)
    await room.service.messages.delete(room.app, message_id)
    await room.send("other", reader)
    async with room.delivering(relay):
        await room.quiet()
    assert [text for text, _ in relay.got] == ["other"]
    assert await room.states(message_id) == [("webpush", "failed", "the message was deleted")]


async def test_a_browser_that_changed_hands_shows_its_new_owner_nothing_of_the_old(room: Room) -> None:
    relay = Relay()
    old, new = await room.a_reader("browser@a"), await room.a_reader()
    message_id = await room.send("secret", old)
    await room.reach(new, "browser@a")
    async with room.delivering(relay):
        await room.quiet()
    assert relay.got == []
    assert await room.states(message_id) == [("webpush", "failed", "the address is another subscriber's by now")]


async def test_a_removed_address_leaves_no_delivery_queued_for_ever(room: Room) -> None:
    phone, mail = Relay(), Relay(name=ChannelName.EMAIL)
    reader = await room.a_reader("phone@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    message_id = await room.send("news", reader)
    [first, _] = await room.service.addresses.of(reader)
    await room.service.addresses.remove(reader, first.id)
    async with room.delivering(phone, mail):
        room.pass_time(FAILOVER_AFTER)
        await until(lambda: len(mail.got) == 1)
        await room.quiet()
    assert await room.states(message_id) == [("webpush", "failed", "the address was removed"), ("email", "sent", None)]


async def test_a_channel_that_was_taken_away_hands_over_to_the_next(room: Room) -> None:
    mail = Relay(name=ChannelName.EMAIL)
    reader = await room.a_reader("phone@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    async with room.delivering(mail):
        message_id = await room.send("news", reader)
        await until(lambda: len(mail.got) == 1)
        await room.quiet()
    assert await room.states(message_id) == [
        ("webpush", "failed", "this channel is not set up any more"),
        ("email", "sent", None),
    ]
    phone = Relay(at_once=1)
    async with room.delivering(phone, mail):
        await room.send("again", reader)
        await room.quiet()
    assert phone.busiest.keys() == {"phone@a", "a"}, "its lane was asked again"


async def test_an_alarm_is_told_once_a_day_for_each_reason(room: Room) -> None:
    relay = Relay(answer=lambda *_: Refused(reason="wrong key", is_alarm=True))
    reader = await room.a_reader("phone@a")
    async with room.delivering(relay):
        for _ in range(2):
            await room.send("news", reader)
            await room.quiet()
        await until(lambda: len(room.alarms) == 1)
        room.pass_time(DAY)
        await room.send("news", reader)
        await until(lambda: len(room.alarms) == 2)
    assert {alarm.reason for alarm in room.alarms} == {"wrong key"}
    first, second = (alarm.draft_in(ENGLISH) for alarm in room.alarms)
    assert first.idempotency_key != second.idempotency_key
    assert (first.topic, first.draft.summary) == ("admin", "Channel webpush needs you")


async def test_unless_told_otherwise_an_alarm_is_a_message_to_the_admin_topic(room: Room) -> None:
    await room.service.topics.declare([Topic(key=ADMIN_TOPIC, name="Admin")])
    admin = await the_topic(room.service, ADMIN_TOPIC)
    operator = await a_reader(room.service, topics=(admin.id,))
    reader = await room.a_reader("phone@a")
    relay = Relay(answer=lambda *_: Refused(reason="wrong key", is_alarm=True))
    deliverer = room.service.deliveries.deliverer(
        {relay.name: relay}, chance=lambda: 0.0, link=lambda message: message.slug
    )
    async with meanwhile(deliverer.run()):
        await room.send("news", reader)
        await until(lambda: room.sql("SELECT 1 FROM messages WHERE summary LIKE 'Channel%'") != [])
    [told] = await texts(room.service, operator)
    assert told.startswith("No message can be sent through it: wrong key.")


async def test_a_database_that_refuses_for_a_while_costs_nothing_but_time(tmp_path: Path) -> None:
    """What was answered meanwhile is saved later, and not sent again."""
    relay = Relay()
    relay.gate.clear()
    async with a_room(tmp_path) as room:
        reader = await room.a_reader("phone@a")
        message_id = await room.send("news", reader)
        store = Moody(await open_file(room.path))
        deliverer = Deliverer(
            store,
            {relay.name: relay},
            now=room.clock,
            chance=lambda: 0.0,
            link=lambda message: message.slug,
            on_alarm=room.hear,
        )
        async with meanwhile(deliverer.run()):
            await until(lambda: len(relay.got) == 1)
            store.refuses = True
            relay.gate.set()
            await until(lambda: store.refused > 0)
            assert await room.states(message_id) == [("webpush", "queued", None)]
            store.refuses = False
            deliverer.loop.wake()
            await room.quiet()
        await store.close()
        assert await room.states(message_id) == [("webpush", "sent", None)]
    assert len(relay.got) == 1


@pytest.mark.parametrize("defect", [LookupError, asyncio.CancelledError])
async def test_a_channel_that_breaks_is_tried_again(room: Room, defect: type[BaseException]) -> None:
    def answer(*_: object) -> SendResult:
        if len(relay.got) == 1:
            raise defect
        return Sent()

    relay = Relay()
    relay.answer = answer
    reader = await room.a_reader("phone@a")
    async with room.delivering(relay):
        message_id = await room.send("news", reader)
        await room.tried(1)
        room.pass_time(MINUTE)
        await room.quiet()
    assert await room.states(message_id) == [("webpush", "sent", None)]


class BreakingInbox(NtfyChannel):
    """Whoever is asked first cannot be answered; then somebody takes everything."""

    asked = 0

    def answer_at_once(self, address: Address) -> SendResult:  # noqa: ARG002
        self.asked += 1
        if self.asked == 1:
            raise LookupError
        return Sent()


async def test_a_channel_that_answers_at_once_and_breaks_is_tried_again_and_holds_nobody_up(room: Room) -> None:
    readers = [await room.a_reader() for _ in range(2)]
    for number, reader in enumerate(readers):
        await room.reach(reader, f"inbox {number}", ChannelName.NTFY)
    async with room.delivering(BreakingInbox()):
        message_id = await room.send("news", *readers)
        await room.tried(1)
        assert sorted(state for _, state, _ in await room.states(message_id)) == ["queued", "sent"]
        room.pass_time(MINUTE)
        await room.quiet()
    assert await room.states(message_id) == [("ntfy", "sent", None)] * 2


async def test_a_clock_that_was_wrong_for_a_while_holds_nothing_up(room: Room) -> None:
    relay = Relay()
    reader = await room.a_reader("phone@a")
    room.clock.at += 300 * DAY
    message_id = await room.send("news", reader)
    room.clock.at -= 300 * DAY
    async with room.delivering(relay):
        await room.quiet()
    assert await room.states(message_id) == [("webpush", "sent", None)]


@pytest.mark.parametrize(
    "pause", [pytest.param(Pause.ADDRESS, id="one address"), pytest.param(Pause.LANE, id="all behind one relay")]
)
async def test_a_clock_that_is_set_back_an_hour_lets_nobody_wait_an_hour(room: Room, pause: Pause) -> None:
    relay = Relay()
    relay.script(Retry(reason="busy", after=5 * MINUTE, pause=pause))
    reader = await room.a_reader("phone@a")
    async with room.delivering(relay):
        waited = await room.send("waited", reader)
        await room.tried(1)
        room.pass_time(-HOUR)
        await room.quiet()
    assert await room.states(waited) == [("webpush", "sent", None)]


async def test_a_clock_that_was_set_back_an_hour_before_a_restart_lets_nobody_wait_an_hour(room: Room) -> None:
    relay = Relay()
    relay.script(Retry(reason="busy"))
    reader, other = await room.a_reader("phone@a"), await room.a_reader("phone@b")
    async with room.delivering(relay):
        await room.send("waited", reader)
        await room.tried(1)
    await room.send("new", other)
    room.clock.at -= HOUR
    async with room.delivering(relay):
        await room.quiet()
    assert sorted(text for text, _ in relay.got) == ["new", "waited", "waited"]


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_a_clock_that_is_set_back_does_not_keep_the_next_channel_waiting(room: Room, is_restarted: bool) -> None:
    phone, mail = Relay(), Relay(name=ChannelName.EMAIL)
    reader = await room.a_reader("phone@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    async with AsyncExitStack() as first:
        await first.enter_async_context(room.delivering(phone, mail))
        await room.send("news", reader)
        await room.quiet()
        if is_restarted:
            await first.aclose()
            await first.enter_async_context(room.delivering(phone, mail))
        room.pass_time(-HOUR)
        await until(lambda: room.looks_before(room.clock.at + FAILOVER_AFTER + MINUTE) == 1)
        room.pass_time(FAILOVER_AFTER)
        await until(lambda: len(mail.got) == 1)


async def test_after_a_restart_each_channel_has_its_time_before_the_next_one_takes_over(room: Room) -> None:
    """While nothing ran, no device could say what it showed."""
    phone, mail = Relay(), Relay(name=ChannelName.EMAIL)
    reader = await room.a_reader("phone@a")
    await room.reach(reader, "ann@mail", ChannelName.EMAIL)
    async with room.delivering(phone, mail):
        await room.send("sent before", reader)
        await room.quiet()
    await room.send("queued before", reader)
    room.pass_time(FAILOVER_AFTER)
    async with room.delivering(phone, mail):
        await room.quiet()
        assert room.looks_before(room.clock.at + FAILOVER_AFTER) == 0
        assert (len(phone.got), len(mail.got)) == (2, 0)
        room.pass_time(FAILOVER_AFTER)
        await until(lambda: len(mail.got) == 2)


async def test_what_was_answered_is_saved_when_the_deliverer_is_stopped(room: Room) -> None:
    relay = Relay()
    reader = await room.a_reader("phone@a")
    stopped = asyncio.Event()

    def answer(*_: object) -> SendResult:
        stopped.set()
        return Sent()

    relay.answer = answer
    async with room.delivering(relay):
        message_id = await room.send("news", reader)
        await stopped.wait()
    assert await room.states(message_id) == [("webpush", "sent", None)]


async def test_a_deliverer_that_runs_again_hands_over_what_it_had_under_way(room: Room) -> None:
    """As the server does that got its lease back."""
    reader = await room.a_reader("phone@a")
    relay = Relay()
    relay.gate.clear()
    async with room.delivering(relay):
        message_id = await room.send("news", reader)
        await until(lambda: len(relay.got) == 1)
    assert room.deliverer is not None
    assert not room.deliverer.loop.pulse.is_stuck(asyncio.get_running_loop().time() + DAY.total_seconds())
    relay.gate.set()
    async with meanwhile(room.deliverer.run()):
        await until(lambda: len(relay.got) == 2)
        await room.quiet()
    assert await room.states(message_id) == [("webpush", "sent", None)]


@pytest.mark.faults
async def test_ten_thousand_wait_in_the_database_and_fifty_in_memory(room: Room) -> None:
    relay = Relay()
    relay.gate.clear()
    crowd = range(10_000)
    room.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
        " INSERT INTO subscribers (id, uid, spt_hash, created_at) SELECT i, 'UID_' || i, i, 0 FROM n"
    )
    topic = await room.service.topics.add("News", app_id=room.app.id)
    room.sql(
        f"INSERT INTO subscriptions (subscriber_id, topic_id, created_at) SELECT id, {topic.id}, 0 FROM subscribers"
    )
    room.sql(
        "INSERT INTO addresses (subscriber_id, channel, fingerprint, value, label, place, bound_to, created_at)"
        " SELECT id, 'webpush', id, id || '@a', '', 0, '', 0 FROM subscribers"
    )
    async with room.delivering(relay):
        await room.service.messages.send(room.app, a_draft("news"), topic_ids=[topic.id])
        await until(lambda: len(relay.got) == relay.at_once)
        assert room.waiting() == len(crowd)
        relay.gate.set()
        await room.quiet()
    assert relay.busiest["a"] == relay.at_once
    assert len({address for _, address in relay.got}) == len(relay.got) == len(crowd)
    assert [report.deliveries for report in await room.service.messages.reports()] == [
        DeliveryCounts(sent=2 * len(crowd))
    ]


async def test_a_sender_is_told_what_came_of_it(room: Room) -> None:
    relay = Relay(answer=lambda *_: Refused(reason="no"))
    reader = await room.a_reader("phone@a")
    async with room.delivering(relay):
        [result] = await room.service.messages.send(room.app, a_draft("news"), uids=[reader.uid])
        await room.quiet()
    assert result.send_record_id is not None
    assert await room.service.deliveries.status(result.send_record_id) is SendStatus.SENT
    [report] = await room.service.messages.reports()
    assert report.deliveries == DeliveryCounts(sent=1, failed=1)
    [item] = await room.service.inbox.items(reader)
    await room.service.inbox.mark_opened(reader, [item.id])
    assert await room.service.deliveries.status(result.send_record_id) is SendStatus.SENT
    await room.service.inbox.mark_shown(reader, [item.id])
    [report] = await room.service.messages.reports()
    assert report.deliveries == DeliveryCounts(opened=1, failed=1), "what was opened does not go back to shown"
