"""A server's data with something of everything, for what looks at all pages: axe, and the pictures of the docs."""

from __future__ import annotations

from msgspec import Struct

from watcher.core.push import App, AppProfile, Message, NewSubscriber, PushTopic, TopicMode
from watcher.push.draft import make_draft
from watcher.push.service import PushService

_MESSAGES = (
    ("Build 482 failed on main", "Tests failed: 2 of 1,204.\n\nhttps://ci.example/482", 1),
    ("Build 483 passed on main", "<h2>All green</h2><p>1,204 tests in 3 min.</p>", 2),
    ("Deployed to production", "**Version 5.2** is live.\n\n- faster start\n- two bugs mended", 3),
    ("Disk 91% full on web-2", "Free space: 8.9 GB of 100 GB.", 1),
    ("Backup finished", "42 GB in 11 minutes.", 1),
)


class Town(Struct, frozen=True, kw_only=True):
    """
    What is there.

    Attributes:
        reader: follows everything, and has messages.
    """

    app: App
    topic: PushTopic
    message: Message
    reader: NewSubscriber


async def fill(push: PushService) -> Town:
    """Fill a push service with applications, topics, readers and messages."""
    builds, _ = await push.apps.add(
        AppProfile(name="Build server", contact="ops@example.org", description="Tells how builds and deployments end")
    )
    await push.apps.add(AppProfile(name="家里的温度计", description="冰箱太热时通知"))
    main = await push.topics.add("Main branch", app_id=builds.id, description="Each build of main")
    alarms = await push.topics.add(
        "Alarms", app_id=builds.id, description="Disks, certificates, backups", mode=TopicMode.APPROVAL
    )
    reader = await push.subscribers.add(topic_ids=[main.id, alarms.id])
    for _ in range(3):
        await push.subscribers.add(topic_ids=[main.id])
    for summary, content, content_type in _MESSAGES:
        draft = make_draft(content, summary=summary, content_type=content_type)
        await push.messages.send(builds, draft, topic_ids=[main.id if "uil" in summary else alarms.id])
    [item, *_] = await push.inbox.recent(reader.subscriber, limit=1)
    return Town(app=builds, topic=main, message=item.message, reader=reader)
