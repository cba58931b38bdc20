"""A server's data with something of everything, for what looks at all pages: axe, and the pictures of the docs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from tests.core.builders import BROKEN, play, price, state_rule, watch
from tests.web.site import NOW, PASSWORD
from watcher.core.access import Scope
from watcher.core.accounts import Purpose, Registration
from watcher.core.channels import ChannelName
from watcher.core.check import OutboxMessage
from watcher.core.moves import Move, MovedFollower
from watcher.core.push import App, AppProfile, NewSubscriber, PushTopic, TopicMode
from watcher.core.watch import Operator
from watcher.core.webhooks import WebhookEvent
from watcher.push.channels.places import read_place
from watcher.push.channels.upstream.settings import UpstreamSettings
from watcher.push.draft import make_draft
from watcher.push.service import PushService
from watcher.store.watch_store import open_watch_store

_MESSAGES: Final = (
    ("Build 482 failed on main", "Tests failed: 2 of 1,204.\n\nhttps://ci.example/482", 1),
    ("Build 483 passed on main", "<h2>All green</h2><p>1,204 tests in 3 min.</p>", 2),
    ("Deployed to production", "**Version 5.2** is live.\n\n- faster start\n- two bugs mended", 3),
    ("Disk 91% full on web-2", "Free space: 8.9 GB of 100 GB.", 1),
    ("Backup finished", "42 GB in 11 minutes.", 1),
)
_SIGHTS: Final = (price(12), price(11), price(8), BROKEN, price(13), price(9), BROKEN)
"""What each check of a watch saw: it fell, was told, failed, and fails."""
_ROBOT: Final = read_place("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa")
_PLACE: Final = re.compile(r"{(\w+)(?::(?:[^{}]|{[^}]*})*)?}")


class Town(Struct, frozen=True, kw_only=True):
    """
    What is there.

    Attributes:
        reader: follows everything, and has messages.
        operator: the token of a session.
        things: what stands for each parameter in the path of a page; `slug` by the letter before it.
    """

    app: App
    topic: PushTopic
    reader: NewSubscriber
    operator: str
    things: Mapping[str, str]

    def path(self, pattern: str) -> str:
        """Return the address of a page, by its row in the table of routes. Raises KeyError for an unknown parameter."""
        things = {**self.things}
        if pattern.startswith("/console/in/"):
            things["code"] = things["in"]
        if pattern.startswith("/confirm/"):
            things["token"] = things["confirm"]
        kind = "m" if pattern.startswith(("/m/", "/api/message/")) else "q" if pattern.startswith("/q/") else "t"
        return _PLACE.sub(lambda found: things[kind if found[1] == "slug" else found[1]], pattern)


async def fill(push: PushService, watches: Path) -> Town:
    """Fill a push service with applications, topics, readers and messages, and the watch store with an outbox."""
    builds, _ = await push.apps.add(
        AppProfile(
            name="Build server",
            contact="ops@example.org",
            description="Tells how builds and deployments end",
            callback_url="https://ci.example/hook",
        )
    )
    await push.apps.add(AppProfile(name="家里的温度计", description="冰箱太热时通知"))
    main = await push.topics.add("Main branch", app_id=builds.id, description="Each build of main")
    alarms = await push.topics.add("Alarms", app_id=builds.id, description="Disks, certificates, backups")
    board = await push.topics.add("Board", app_id=builds.id, description="For members", mode=TopicMode.APPROVAL)
    reader = await push.subscribers.add(topic_ids=[main.id, alarms.id, board.id])
    for _ in range(3):
        await push.subscribers.add(topic_ids=[main.id])
    for summary, content, content_type in _MESSAGES:
        draft = make_draft(content, summary=summary, content_type=content_type)
        await push.messages.send(builds, draft, topic_ids=[main.id if "uil" in summary else alarms.id])
    await push.callbacks.send_test(builds.id)
    [item, *_] = await push.inbox.recent(reader.subscriber, limit=1)
    operator = await push.operator.log_in(PASSWORD)
    assert operator is not None
    things = {
        "kind": "t",
        "t": main.slug,
        "m": item.message.slug,
        "q": (await push.codes.add(builds, "order 7")).slug,
        "app": str(builds.id),
        "access_token": str((await push.tokens.add("Deploy script", [Scope.MESSAGES_SEND], app_id=builds.id))[0].id),
        "uid": reader.subscriber.uid,
        "topic": str(main.id),
        "webhook": str(await _hook(push, builds)),
        "feed": (await push.feeds.make(main.id)).feed_slug or "",
        "message": str(item.message.id),
        "mirror": (await push.mirrors.add(main.id, _ROBOT, "Builders", lang="en")).uid,
        "token": await push.claims.add(reader.subscriber),
        "confirm": await _ask_for_mail(push, reader),
        "code": (await push.trials.begin()).code,
        "in": await _ask_for_an_account(push),
        "account": "1",
        "id": "1",
        "entry": str(await _bury(watches)),
        "watch": "dune",
        "pick": "gone",
        "edit": "gone",
        "format": "svg",
        "name": "icon.svg",
    }
    return Town(app=builds, topic=main, reader=reader, operator=operator, things=things)


async def _hook(push: PushService, app: App) -> int:
    """Give an application a webhook that was told something; return its number."""
    hook, _ = await push.webhooks.add(app.id, "https://ci.example/told?key=secret", [WebhookEvent.MESSAGE_SENT])
    await push.webhooks.send_test(hook.id)
    return hook.id


async def invite(push: PushService) -> str:
    """Let somebody come from another server; return the token of the link that invites them to claim their UID."""
    account = UpstreamSettings(token=f"AT_{'m' * 32}", url="https://wxpusher.example")
    follower = MovedFollower(uid=f"UID_{'m' * 28}", topic_id=None, is_rejected=False, since=NOW)
    move = Move(app_id=9_000, name="Moved here", topics={}, followers=[follower])
    report = await push.moving.carry_out(move, account, lambda: None)
    assert not report.taken
    [invited] = await push.moving.invited({move.app_id: account.url}, limit=1)
    return await push.moving.make_claim(invited)


async def _ask_for_mail(push: PushService, reader: NewSubscriber) -> str:
    """Let the reader give a mail address; return what the link in the mail says that asks its owner."""
    question = await push.confirmations.ask(
        ChannelName.EMAIL, reader.subscriber, "ann@example.org", page=lambda secret: secret, lang="en"
    )
    assert question is not None
    return question.secret


async def _ask_for_an_account(push: PushService) -> str:
    """Let somebody ask for an account, number 1; return the code of another sign-in, which is open."""
    kind, address = "Chrome · Windows", "203.0.113.1"
    code, other = [await push.sign_in_codes.make(Purpose.SIGN_IN, kind=kind, address=address) for _ in range(2)]
    await push.registrations.register(code.code, "Grace Hopper", Registration.APPROVAL, kind="Safari", replacing=None)
    return other.code


async def _bury(watches: Path) -> int:
    """Put two messages into the outbox, and give the first up; return its place."""
    store, _ = await open_watch_store(watches)
    messages = [
        OutboxMessage(
            id=f"{number:032x}", watch="dune", topic="deals", summary=summary, content="", url=None, created_at=NOW
        )
        for number, summary in enumerate(("Dune 12.00 → 8.50", "Emma is back in stock"))
    ]
    await store.outbox.add(messages)
    for decision in play(watch(state_rule("price", Operator.BELOW, 10)), *_SIGHTS):
        await store.commit([decision])
    first, *_ = await store.outbox.waiting()
    await store.outbox.settle([], [replace(first, dead="HTTP 401")], [])
    await store.close()
    return first.order
