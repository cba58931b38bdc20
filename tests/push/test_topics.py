from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.push.builders import a_declared_topic, a_draft, a_reader, an_app, texts, the_topic
from watcher.core.access import Scope
from watcher.core.push import SIMPLE_APP_KEY, TRIAL_APP_KEY
from watcher.core.watch import Topic
from watcher.errors import ConflictError, RefusedError
from watcher.push.sending import SimpleSendRequest
from watcher.push.service import PushService


async def keys(service: PushService) -> list[str | None]:
    return [topic.key for topic in await service.topics.all()]


async def test_declared_topics_are_made_once_in_the_watchers_application(service: PushService) -> None:
    declared = [Topic(key="deals", name="Deals", description="d"), Topic(key="admin", name="Operator")]
    await service.topics.declare(declared)
    first = await service.topics.all()
    await service.topics.declare(declared)
    assert await service.topics.all() == first
    assert [(topic.key, topic.name, topic.description) for topic in first] == [
        ("deals", "Deals", "d"),
        ("admin", "Operator", ""),
    ]


async def test_a_new_name_keeps_the_topic(service: PushService) -> None:
    old = await a_declared_topic(service, "deals", "Deals")
    await service.topics.declare([Topic(key="deals", name="Price drops", description="cheap")])
    [new] = await service.topics.all()
    assert (new.id, new.slug) == (old.id, old.slug)
    assert (new.name, new.description) == ("Price drops", "cheap")


async def test_was_renames_and_keeps_the_subscribers_and_the_printed_link(service: PushService) -> None:
    old = await a_declared_topic(service, "deals")
    await a_reader(service, topics=(old.id,))
    await service.topics.declare([Topic(key="drops", name="Drops", was="deals")])
    [new] = await service.topics.all()
    assert (new.id, new.slug, new.key, new.name, new.subscribers) == (old.id, old.slug, "drops", "Drops", 1)


async def test_where_people_follow_both_each_stays_what_it_is_and_a_line_says_what_to_do(
    service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    await service.topics.declare([Topic(key="deals", name="Deals"), Topic(key="drops", name="Drops")])
    await a_reader(service, topics=tuple(topic.id for topic in await service.topics.all()))
    before = await the_topic(service, "deals")
    await service.topics.declare([Topic(key="drops", name="Drops", was="deals")])
    assert await the_topic(service, "deals") == before
    assert await keys(service) == ["deals", "drops"]
    assert caplog.messages == [
        "topics: drops: `was: deals` has no effect: both topics are in use; "
        "`watcher topics merge deals drops` makes them one"
    ]
    await service.merge_topics(before.id, (await the_topic(service, "drops")).id)
    await service.topics.declare([Topic(key="drops", name="Drops", was="deals")])
    assert len(caplog.messages) == 1


async def test_was_adopts_the_old_topic_when_the_new_one_was_already_made_and_nobody_follows_it(
    service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    old = await a_declared_topic(service, "deals")
    await a_reader(service, topics=(old.id,))
    await service.topics.declare([Topic(key="drops", name="Drops")])  # renamed while it runs, without `was`
    made = await the_topic(service, "drops")
    for _ in range(2):
        await service.topics.declare([Topic(key="drops", name="Drops", was="deals")])
    [now] = await service.topics.all()
    assert (now.id, now.slug, now.key, now.name, now.subscribers) == (old.id, old.slug, "drops", "Drops", 1)
    assert await service.topics.of_slug(made.slug) == now
    assert await service.topics.told_by_key() == {"drops": now}
    await service.topics.declare([Topic(key="drops", name="Drops"), Topic(key="deals", name="Deals")])
    assert (await the_topic(service, "deals")).subscribers == 0
    assert caplog.messages == []


async def test_was_that_names_no_topic_is_a_line_in_the_log(
    service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    await service.topics.declare([Topic(key="new", name="New", was="courses")])  # nothing was made yet
    assert caplog.messages == []
    await service.topics.declare([Topic(key="drops", name="Drops", was="corses")])
    assert caplog.messages == ["topics: drops: `was: corses` has no effect: there is no topic corses"]


@pytest.mark.parametrize("renamed_first", [True, False])
async def test_a_key_that_was_renamed_may_be_declared_anew(service: PushService, renamed_first: bool) -> None:
    old = await a_declared_topic(service, "deals")
    declared = [Topic(key="drops", name="Drops", was="deals"), Topic(key="deals", name="Other deals")]
    await service.topics.declare(declared if renamed_first else declared[::-1])
    assert (await the_topic(service, "drops")).id == old.id
    assert (await the_topic(service, "deals")).id != old.id


async def test_a_topic_of_a_server_elsewhere_is_passed_over(service: PushService) -> None:
    await service.topics.declare([Topic(key="far", name="Far", id=103)])
    assert await service.topics.all() == []


async def test_a_topic_that_is_declared_no_more_stays(service: PushService) -> None:
    await a_declared_topic(service)
    await service.topics.declare([])
    assert await keys(service) == ["deals"]


async def test_topics_made_by_hand_have_no_key_and_any_application(service: PushService) -> None:
    app = await an_app(service)
    own = await service.topics.add("  News\n today ")
    other = await service.topics.add("News", app_id=app.id, description="d")
    assert await service.topics.all() == [own, other]
    assert (own.app_id, own.key, own.name) == (1, None, "News today")
    assert await service.topics.of_slug(other.slug) == other


@pytest.mark.parametrize("app_id", [0, 99, -1, 2**80])
async def test_a_topic_needs_an_application_that_exists(service: PushService, app_id: int) -> None:
    with pytest.raises(RefusedError, match=f"no application {app_id}"):
        await service.topics.add("News", app_id=app_id)


async def test_an_application_that_nobody_sends_by_has_no_topics_and_no_tokens(service: PushService) -> None:
    reader = await service.subscribers.add()
    await service.messages.send_simple(SimpleSendRequest(spts=[reader.spt], draft=a_draft()))
    await service.trials.begin()
    own, simple, trial = await service.apps.all()
    assert (own.has_senders, simple.key, trial.key) == (True, SIMPLE_APP_KEY, TRIAL_APP_KEY)
    for app in (simple, trial):
        refused = f"app_id: nobody sends by {app.profile.name}, which is built in"
        with pytest.raises(RefusedError, match=refused):
            await service.topics.add("News", app_id=app.id)
        with pytest.raises(RefusedError, match=refused):
            await service.tokens.add("x", [Scope.MESSAGES_SEND], app_id=app.id)


async def test_a_topic_needs_a_name(service: PushService) -> None:
    with pytest.raises(RefusedError, match="name"):
        await service.topics.add(" ")


ALERTS = Topic(key="alerts", name="alerts", app="ops")


async def test_a_topic_of_another_application_is_not_made_here(service: PushService) -> None:
    app = await an_app(service, "ops")
    theirs = await service.topics.add("alerts", app_id=app.id)
    await service.topics.declare([ALERTS, Topic(key="deals", name="Deals")])
    assert [(topic.app_id, topic.key, topic.name) for topic in await service.topics.all()] == [
        (app.id, None, "alerts"),
        (1, "deals", "Deals"),
    ]
    assert (await service.topics.all())[0] == theirs


async def test_an_application_that_is_not_there_is_one_line_that_says_how_to_make_it(
    service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    await an_app(service, "shop")
    await service.topics.declare([Topic(key="deals", name="Deals"), ALERTS])
    assert caplog.messages == [
        'topics: alerts: there is no application ops; applications: watcher, shop; `watcher apps add "ops"` makes one; '
        "until then nothing can be delivered there"
    ]
    assert [topic.key for topic in await service.topics.all()] == ["deals"]


async def test_a_topic_that_is_not_in_the_application_is_one_line_that_says_how_to_make_it(
    service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    app = await an_app(service, "ops")
    await service.topics.declare([ALERTS])
    [said] = caplog.messages
    assert said.startswith(
        "topics: alerts: the application ops has no topic alerts; topics: none yet; "
        f'`watcher topics add "alerts" --app {app.id}` makes one'
    )


async def test_a_name_of_two_applications_names_none(service: PushService, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        await an_app(service, "ops")
    await service.topics.declare([ALERTS])
    [said] = caplog.messages
    assert "2 applications are called ops (2 and 3); " in said


async def test_a_removed_topic_leaves_its_messages_to_those_who_have_them(service: PushService) -> None:
    app = await an_app(service)
    topic, other = [await service.topics.add(name, app_id=app.id) for name in ("News", "Weather")]
    reader = await a_reader(service, topics=(topic.id, other.id))
    sent = await service.messages.send(app, a_draft("Hello"), topic_ids=[topic.id], idempotency_key="k1")
    removed = await service.topics.remove(topic.id)
    assert (removed.name, removed.subscribers) == ("News", 1)
    assert [one.id for one in await service.topics.all()] == [other.id]
    assert (await texts(service, reader), [item.message.topic for item in await service.inbox.items(reader)]) == (
        ["Hello"],
        [None],
    )
    again = await service.messages.send(app, a_draft("Hello"), topic_ids=[topic.id], idempotency_key="k1")
    assert again == sent
    [refused] = await service.messages.send(app, a_draft("Hello"), topic_ids=[topic.id])
    assert (refused.message_id, refused.code) == (None, 1001)
    assert await service.topics.of_slug(topic.slug) is None
    [subscription] = (await service.subscriptions.page()).subscriptions
    assert subscription.topic_id == other.id


@pytest.mark.on_sqlite("looks into the file")
async def test_a_topic_whose_message_is_still_on_its_way_is_not_removed(service: PushService, tmp_path: Path) -> None:
    topic = await service.topics.add("News")
    await a_reader(service, topics=(topic.id,))
    app = await service.apps.of_id(topic.app_id)
    assert app is not None
    [sent] = await service.messages.send(app, a_draft("Hello"), topic_ids=[topic.id])
    with closing(sqlite3.connect(tmp_path / "push.db")) as connection, connection:
        connection.execute("INSERT INTO fan_outs (message_id) VALUES (?)", [sent.message_id])
    with pytest.raises(ConflictError, match="still being brought"):
        await service.topics.remove(topic.id)
    with closing(sqlite3.connect(tmp_path / "push.db")) as connection, connection:
        connection.execute("DELETE FROM fan_outs")
    await service.topics.remove(topic.id)
    assert await service.topics.all() == []


async def test_a_topic_that_is_not_there_is_not_removed(service: PushService) -> None:
    with pytest.raises(RefusedError, match="there is no topic 99"):
        await service.topics.remove(99)
