"""What strangers may make in a day, all together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.push.builders import NOON, a_draft
from watcher.core.callbacks import Source
from watcher.core.caps import DailyCaps, Made, MadeToday
from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.databases import DatabasePlace
from watcher.core.locale import Locale
from watcher.core.push import App, AppProfile, PushTopic, Subscriber
from watcher.core.watch import ADMIN_TOPIC, Topic
from watcher.errors import CapReachedError
from watcher.push.commands import CommandResult
from watcher.push.forgetting import STRANGER_LIFE
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.push.subscribers import UNKNOWN_DEVICE
from watcher.store.inspection import inspect_strangers

TWO = DailyCaps(subscribers=2, questions=2, trials=2, claims=2, codes=2, commands=2)


class _Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
async def service(place: DatabasePlace, clock: _Clock) -> AsyncIterator[PushService]:
    service = await open_push_service(place, now=clock, caps=TWO)
    await service.topics.declare([Topic(key=ADMIN_TOPIC, name=ADMIN_TOPIC)])
    yield service
    await service.close()


async def _app(service: PushService) -> App:
    profile = AppProfile(name="Shop", callback_url="https://shop.example/told")
    return (await service.apps.add(profile))[0]


async def _topic(service: PushService) -> PushTopic:
    return (await service.topics.all())[0]


async def _reader(service: PushService) -> Subscriber:
    app = await _app(service)
    return (await service.subscribers.add(app_ids=[app.id])).subscriber


async def _welcome(service: PushService) -> object:
    return await service.subscribers.welcome((await _topic(service)).id)


async def _follow_app(service: PushService) -> object:
    return await service.subscriptions.follow_app(None, (await _app(service)).id, Source.LINK)


async def _scan(service: PushService) -> object:
    return await service.codes.scan((await service.codes.add(await _app(service), "x")).slug, None)


async def _ask(service: PushService) -> object:
    return await service.confirmations.ask(
        ChannelName.EMAIL, await _reader(service), "ann@example.org", page=lambda token: token, lang="en"
    )


async def _begin_trial(service: PushService) -> object:
    return await service.trials.begin()


async def _claim(service: PushService) -> object:
    return await service.claims.add(await _reader(service))


async def _claim_for_wechat(service: PushService) -> object:
    return await service.claims.add_for_wechat(await _reader(service))


async def _code(service: PushService) -> object:
    await service.strangers.count(Made.CODES)
    return None


async def _command(service: PushService) -> object:
    return await service.commands.run(await _reader(service), "hello")


MAKINGS: dict[str, tuple[Made, Callable[[PushService], Awaitable[object]]]] = {
    "a follower of a topic": (Made.SUBSCRIBERS, _welcome),
    "a follower of an application": (Made.SUBSCRIBERS, _follow_app),
    "who scans a code": (Made.SUBSCRIBERS, _scan),
    "a question by mail": (Made.QUESTIONS, _ask),
    "a trial": (Made.TRIALS, _begin_trial),
    "a link for another device": (Made.CLAIMS, _claim),
    "a link for WeChat": (Made.CLAIMS, _claim_for_wechat),
    "a code of WeChat": (Made.CODES, _code),
    "a command": (Made.COMMANDS, _command),
}


@pytest.mark.faults
@pytest.mark.parametrize(("what", "make"), MAKINGS.values(), ids=MAKINGS.keys())
async def test_so_many_are_made_in_a_day_and_no_more(
    service: PushService, clock: _Clock, what: Made, make: Callable[[PushService], Awaitable[object]]
) -> None:
    for _ in range(2):
        await make(service)
    people = len(await service.subscribers.all())
    with pytest.raises(CapReachedError) as refused:
        await make(service)
    assert timedelta(minutes=59) < refused.value.retry_after <= timedelta(hours=1)
    assert {each.what: each.count for each in await service.strangers.made_today()}[what] == 2
    if what is Made.SUBSCRIBERS:
        assert len(await service.subscribers.all()) == people
    clock.now += timedelta(hours=24)
    with pytest.raises(CapReachedError):
        await make(service)
    clock.now += timedelta(hours=1)
    await make(service)


async def test_a_restart_forgets_no_cap(service: PushService, place: DatabasePlace, clock: _Clock) -> None:
    for _ in range(2):
        await _begin_trial(service)
    again = await open_push_service(place, now=clock, caps=TWO)
    with pytest.raises(CapReachedError):
        await again.trials.begin()
    await again.close()


async def test_a_clock_that_was_wrong_for_a_while_closes_no_door(service: PushService, clock: _Clock) -> None:
    clock.now += timedelta(days=400)
    for _ in range(2):
        await service.trials.begin()
    clock.now = NOON
    await service.trials.begin()


async def test_who_is_there_already_is_not_turned_away(service: PushService) -> None:
    app, topic = await _app(service), await _topic(service)
    known = (await service.subscribers.add()).subscriber
    for _ in range(2):
        await _welcome(service)
    await service.subscriptions.follow(known, topic_id=topic.id)
    assert await service.subscriptions.follow_app(known, app.id, Source.LINK) is None
    await service.subscribers.add(topic_ids=[topic.id])
    assert (await service.messages.send_test(known, a_draft("hi"))).code == 1000


async def test_a_command_that_reaches_nobody_is_not_counted(service: PushService) -> None:
    reader = await _reader(service)
    for _ in range(5):
        assert (await service.commands.run(reader, "#99 hello")).result is CommandResult.UNKNOWN
    assert (await service.commands.run(reader, "hello")).result is CommandResult.SENT


async def test_the_operator_is_told_in_the_language_of_its_topic(service: PushService) -> None:
    await service.topics.declare([Topic(key=ADMIN_TOPIC, name=ADMIN_TOPIC, language=Locale.CHINESE)])
    operator = (await service.subscribers.add(topic_ids=[(await _topic(service)).id])).subscriber
    for _ in range(2):
        await service.trials.begin()
    with pytest.raises(CapReachedError):
        await service.trials.begin()
    [item] = await service.inbox.items(operator)
    assert item.message.draft.summary == "试用已达上限"
    assert "--daily-trials（WATCHER_DAILY_TRIALS）" in item.message.draft.content


async def test_the_operator_is_told_once_a_day(service: PushService, clock: _Clock) -> None:
    operator = (await service.subscribers.add(topic_ids=[(await _topic(service)).id])).subscriber
    for _ in range(2):
        await service.trials.begin()
    for day in range(2):
        for _ in range(3):
            with pytest.raises(CapReachedError):
                await service.trials.begin()
        assert len(await service.inbox.items(operator)) == day + 1
        clock.now += timedelta(hours=12, minutes=1)
    assert "--daily-trials" in (await service.inbox.items(operator))[0].message.draft.content


@pytest.mark.on_sqlite("opens the file again")
async def test_doctor_says_how_much_there_is(service: PushService, tmp_path: Path, clock: _Clock) -> None:
    database = tmp_path / "push.db"

    def told() -> list[tuple[str, str]]:
        return [(each.state.value, each.text) for each in inspect_strangers(database, now=clock.now)]

    assert told() == [("ok", "made by anonymous visitors in the last 24 hours: nothing")]
    await service.trials.begin()
    assert told() == [("ok", "made by anonymous visitors in the last 24 hours: 1 of 2 trials")]
    await service.trials.begin()
    assert told() == [("error", "trials: 2 were made in 24 h, the most; more are turned away")]
    clock.now += timedelta(hours=25)
    assert told() == [("ok", "made by anonymous visitors in the last 24 hours: nothing")]
    assert inspect_strangers(tmp_path / "no.db", now=clock.now)[0].state.value == "ok"


@pytest.mark.parametrize(("count", "is_near"), [(7, False), (8, True), (10, True)])
def test_four_fifths_are_near(count: int, is_near: bool) -> None:
    assert MadeToday(what=Made.TRIALS, count=count, most=10).is_near == is_near


@pytest.mark.parametrize(("cap", "share"), [(10_000, 1_000), (200, 20), (50, 10), (10, 10), (3, 3)])
def test_one_address_makes_a_tenth_but_ten_in_any_case(cap: int, share: int) -> None:
    assert DailyCaps(trials=cap).share(Made.TRIALS) == share


# Those who never come back


async def _come_back(service: PushService, device_token: str) -> None:
    known = await service.devices.known(device_token)
    assert known is not None
    service.devices.see(known[1], UNKNOWN_DEVICE)
    await service.devices.write_sightings()


async def test_whom_a_form_made_and_who_never_came_back_is_deleted(place: DatabasePlace, clock: _Clock) -> None:
    service = await open_push_service(place, now=clock)
    topic, app = await service.topics.add("News"), await _app(service)
    script, browser = await service.subscribers.welcome(topic.id), await service.subscribers.welcome(topic.id)
    scanned = await service.subscriptions.follow_app(None, app.id, Source.SCAN)
    by_mail, by_hand = await service.subscribers.welcome(topic.id), await service.subscribers.add(topic_ids=[topic.id])
    assert scanned is not None
    clock.now += timedelta(seconds=1)
    await _come_back(service, browser.device_token)
    await service.addresses.add(
        by_mail.subscriber, AddressDraft(channel=ChannelName.EMAIL, fingerprint="f", value="ann@example.org")
    )
    await service.messages.send_test(script.subscriber, a_draft("hi"))

    clock.now += STRANGER_LIFE - timedelta(seconds=2)
    assert await service.subscribers.forget_strangers() == 0
    clock.now += timedelta(seconds=2)
    assert await service.subscribers.forget_strangers(limit=1) == 1
    assert await service.subscribers.forget_strangers() == 1
    assert await service.subscribers.forget_strangers() == 0
    kept = [subscriber.uid for subscriber, _, _ in await service.subscribers.all()]
    assert kept == [each.subscriber.uid for each in (browser, by_mail, by_hand)]
    assert await service.devices.known(script.device_token) is None
    await service.close()


async def test_a_cookie_that_comes_back_is_noted_once(place: DatabasePlace, clock: _Clock) -> None:
    service = await open_push_service(place, now=clock)
    made = await service.subscribers.welcome((await service.topics.add("News")).id)
    for _ in range(2):
        clock.now += timedelta(minutes=1)
        await _come_back(service, made.device_token)
    known = await service.devices.known(made.device_token)
    assert known is not None
    assert known[1].seen_at == clock.now - timedelta(minutes=1)
    await service.close()
