"""
The town of `tests/web/town.py` with a crowd in it, and the address of every page that somebody sees there.

The rows go straight into the tables: through the service it would take hours.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict, replace

from tests.web.login import as_operator
from tests.web.site import PASSWORD
from tests.web.town import Town, fill
from watcher.push.ids import hash_token, new_secret
from watcher.push.opening import open_push_service
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES
from watcher.web.sessions.device import DEVICE_COOKIE

SUBSCRIBER: Final = "a subscriber"
OPERATOR: Final = "the operator"
OWNER: Final = "an owner"
SMALL_OWNER: Final = "a small owner"
_LARGE, _SMALL = 1, 2
"""The owner of half of the applications, with the largest topic; and one with an application of few messages."""
_OF_LARGE: Final = ("access_token", "webhook", "mirror")
"""What the first of them has, and the other not: its pages are 404 to that one."""
_NOT_THE_OPERATORS: Final = {"/console/me/delete"}
_MOST: Final = f"{'most':m>28}"
"""The slug of the message that went to all."""
_OF_WATCH: Final = tuple(
    f"/console/watches/dune?{query}" for query in ("range=week", "value=price&range=year", "before=4")
)
_NO_PAGES: Final = {
    "/inbox/events": "a stream, which ends when its reader leaves",
    "/console/code/state": "waits for a phone",
    "/console/live/watches": "a stream, which ends when its reader leaves",
    "/api/v1/inbox": "not a page",
    "/confirm/{token}": "of an address that waits for its owner; the town has none",
    "/wxuser": "leads on to a page that is here",
    "/{kind:t|a}/{slug}/wechat.svg": "there is no WeChat",
    "/{topic:[-_A-Za-z0-9]{1,64}}": "where ntfy's apps look for its own page; there is none",
    "/ntfy/{topic:[-_A-Za-z0-9]{1,64}}": "likewise",
    "/console/watches/pick/{pick}": "leads to the form of a new watch where no page was fetched",
    "/console/watches/pick/{pick}/page": "likewise",
    "/console/watches/pick/{pick}/candidates": "likewise",
    "/console/watches/pick/{pick}/choice": "likewise",
    "/console/watches/pick/{pick}/showing": "likewise",
    "/console/watches/saved/{edit}": "leads to the table where nothing was saved",
    "/console/watches/{watch}/edit": "says that no watcher runs here",
    "/console/watches/{watch}/remove": "likewise",
    "/console/watches/{watch}/proposal": "leads to the watch where no watcher runs",
    "/console/watches/{watch}/replay": "likewise",
    "/console/watches/{watch}/page": "likewise",
    "/console/watches/{watch}/page/copy": "likewise",
    "/console/watches/{watch}/page/source": "likewise",
    "/console/watches/{watch}/accept": "leads to the watch where no watcher runs",
    "/healthz": "not a page",
    "/readyz": "not a page",
}


class Crowd(Struct, frozen=True, kw_only=True):
    """How many there are of what: messages all go to one subscriber, subscribers all to one topic."""

    subscribers: int
    messages: int
    topics: int
    apps: int


class Visitor(Struct, frozen=True, kw_only=True):
    """Somebody with a browser, and the addresses of all pages that they see."""

    name: str
    headers: Mapping[str, str]
    paths: Sequence[str]


async def found(data: Path, crowd: Crowd) -> Sequence[Visitor]:
    """Make the databases of a server with a crowd; return who looks at its pages."""
    service = await open_push_service(data / "push.db", now=lambda: datetime.now(UTC))
    try:
        await service.operator.set_password(PASSWORD)
        town = await fill(service, data / "watches")
    finally:
        await service.close()
    with closing(sqlite3.connect(data / "push.db")) as connection, connection:
        _settle(connection, town, crowd)
        small = _small_town(connection, town)
        return [
            _reader(town, crowd),
            _visitor(connection, OPERATOR, None, town, crowd, (Role.ACCOUNT, Role.OPERATOR)),
            _visitor(connection, OWNER, _LARGE, town, crowd, (Role.ACCOUNT,)),
            _visitor(connection, SMALL_OWNER, _SMALL, small, crowd, (Role.ACCOUNT,)),
        ]


def _settle(connection: sqlite3.Connection, town: Town, crowd: Crowd) -> None:
    asked = asdict(crowd) | {
        "most": _MOST,
        "app": town.app.id,
        "topic": town.topic.id,
        "reader": town.reader.subscriber.id,
        "small": _SMALL,
        "large": _LARGE,
        "at": int(datetime.now(UTC).timestamp() - 86_400) * 1_000_000,
    }
    for statement in _STATEMENTS:
        connection.execute(statement, asked)


def _numbers(most: str) -> str:
    return f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})"


_STATEMENTS: Final = (
    "UPDATE accounts SET state = 'active'",
    f"""{_numbers(":apps / 4")} INSERT INTO accounts (name, state, created_at)
        SELECT 'Owner ' || i, 'active', :at FROM n""",
    "UPDATE apps SET account_id = :large WHERE id = :app",
    f"""{_numbers(":apps")} INSERT INTO apps (slug, token_hash, name, contact, description, follow_prompt, callback_url,
        settings_url, created_at, account_id)
        SELECT printf('%028d', i), i, 'Application ' || i, '', 'Tells of ' || i, '', '', '', :at,
        CASE WHEN i = 1 THEN :small WHEN i % 2 THEN :large WHEN i % 4 THEN 3 + i % (:apps / 4) END FROM n""",
    # Half of them in one application, the first two in the small owner's.
    f"""{_numbers(":topics")} INSERT INTO topics (app_id, slug, name, description, created_at)
        SELECT CASE WHEN i < 3 THEN (SELECT id FROM apps WHERE account_id = :small) WHEN i % 2 THEN :app
        ELSE (SELECT id FROM apps WHERE name = 'Application ' || (1 + i % :apps)) END,
        printf('%028d', i), 'Topic ' || i || ' of the town', 'What happens', :at FROM n""",
    f"""{_numbers(":subscribers")} INSERT INTO subscribers (uid, spt_hash, created_at)
        SELECT printf('UID_%028d', i), 's' || i, :at FROM n""",
    """INSERT OR IGNORE INTO subscriptions (subscriber_id, topic_id, created_at, state)
        SELECT id, :topic, :at, CASE id % 20 WHEN 7 THEN 'waiting' WHEN 8 THEN 'rejected' ELSE 'following' END
        FROM subscribers""",
    "INSERT OR IGNORE INTO subscriptions (subscriber_id, app_id, created_at) SELECT id, :app, :at FROM subscribers",
    # Some follow a lot; a hundredth follow the small owner's topics.
    """INSERT OR IGNORE INTO subscriptions (subscriber_id, topic_id, created_at) SELECT subscribers.id, topics.id, :at
        FROM subscribers, topics WHERE subscribers.id BETWEEN 20 AND 30""",
    """INSERT OR IGNORE INTO subscriptions (subscriber_id, topic_id, created_at) SELECT subscribers.id, topics.id, :at
        FROM subscribers, topics JOIN apps ON apps.id = topics.app_id AND apps.account_id = :small
        WHERE subscribers.id % 100 = 50""",
    "INSERT OR IGNORE INTO remarks SELECT :app, id, 'Reader ' || id FROM subscribers WHERE id % 2",
    """INSERT INTO addresses (subscriber_id, channel, fingerprint, value, label, place, bound_to, created_at)
        SELECT id, 'webpush', 'w' || id, '{}', 'Chrome', 0, '', :at FROM subscribers WHERE id % 2""",
    "INSERT INTO devices (subscriber_id, token_hash, created_at) SELECT id, 'd' || id, :at FROM subscribers",
    # To the large topic every other one, and the first ten to the small owner's.
    f"""{_numbers(":messages")} INSERT INTO messages
        (slug, app_id, topic_id, summary, content, content_type, created_at)
        SELECT printf('%028d', i), topics.app_id, topics.id, 'Message ' || i, hex(zeroblob(200)), 1,
        :at - (:messages - i) * 1000000 FROM n JOIN topics ON topics.id =
        CASE WHEN i <= 10 THEN (SELECT min(topics.id) FROM topics JOIN apps ON apps.id = topics.app_id
        WHERE account_id = :small) WHEN i % 2 THEN :topic ELSE 5 + i % :topics END""",
    """INSERT INTO targets (message_id, topic_id, code, status, record_id)
        SELECT id, topic_id, 1000, '', 1000000 + id FROM messages WHERE slug LIKE '000%'""",
    """INSERT INTO deliveries (message_id, subscriber_id, channel, state, sent_at) SELECT id, :reader, 'inbox',
        CASE WHEN id % 1000 = 7 THEN 'failed' WHEN :messages - id < 50 THEN 'sent' ELSE 'opened' END, created_at
        FROM messages WHERE slug LIKE '000%'""",
    # The last one reached all, and failed over the channel of many.
    """INSERT INTO messages (slug, app_id, topic_id, summary, content, content_type, created_at)
        VALUES (:most, :app, :topic, 'To all', 'Good morning, all', 1, :at)""",
    """INSERT INTO targets (message_id, topic_id, code, status, record_id)
        SELECT id, topic_id, 1000, '', 1 FROM messages WHERE slug = :most""",
    """INSERT INTO deliveries (message_id, subscriber_id, channel, state, sent_at)
        SELECT messages.id, subscribers.id, 'inbox', 'shown', :at FROM messages, subscribers WHERE slug = :most""",
    """INSERT INTO deliveries (message_id, subscriber_id, channel, state, reason)
        SELECT messages.id, subscribers.id, 'webpush', CASE WHEN subscribers.id % 3 THEN 'failed' ELSE 'queued' END,
        'HTTP 500' FROM messages, subscribers WHERE slug = :most AND subscribers.id % 2""",
    "INSERT INTO delivery_events (delivery_id, state, at) SELECT id, state, :at FROM deliveries WHERE state = 'failed'",
    # Due tomorrow.
    """INSERT INTO handovers (delivery_id, address_id, due_at, expires_at)
        SELECT deliveries.id, addresses.id, :at + 172800000000, :at + 259200000000
        FROM deliveries JOIN addresses ON addresses.subscriber_id = deliveries.subscriber_id
        WHERE deliveries.state = 'queued'""",
    f"""{_numbers(":subscribers")} INSERT INTO acts (at, account_id, app_id, by, act, subject)
        SELECT :at + i, CASE WHEN i % 2 THEN :large END, :app, 'Chrome', 'topic_made', 'Topic ' || i FROM n""",
    f"""{_numbers(":subscribers")} INSERT INTO callbacks
        (app_id, body, state, attempts, reason, created_at, due_at)
        SELECT :app, '{{"action": "app_subscribe"}}', 'delivered', 1, '', :at, :at FROM n""",
    f"""{_numbers(":apps")} INSERT INTO access_tokens (token_hash, name, scopes, app_id, created_at, account_id)
        SELECT 't' || i, 'Script ' || i, 'messages:send', NULL, :at, CASE WHEN i % 2 THEN :large END FROM n""",
    "UPDATE access_tokens SET account_id = :large WHERE app_id = :app",
    f"""{_numbers("20")} INSERT INTO approvers (account_id, token_hash, kind, created_at, seen_at)
        SELECT CASE WHEN i % 2 THEN :large END, 'p' || i, 'Safari', :at, :at FROM n""",
)


def _small_town(connection: sqlite3.Connection, town: Town) -> Town:
    """Return the town as the small owner knows it: its own application, topic, message and subscriber."""

    def first(query: str) -> str:
        return str(connection.execute(query, (_SMALL,)).fetchone()[0])

    things = {
        **town.things,
        "app": first("SELECT id FROM apps WHERE account_id = ?"),
        "topic": first("SELECT min(t.id) FROM topics t JOIN apps a ON a.id = t.app_id WHERE account_id = ?"),
        "message": first("SELECT min(m.id) FROM messages m JOIN apps a ON a.id = m.app_id WHERE account_id = ?"),
        "uid": first(
            "SELECT max(uid) FROM subscribers s JOIN subscriptions f ON f.subscriber_id = s.id "
            "JOIN topics t ON t.id = f.topic_id JOIN apps a ON a.id = t.app_id WHERE account_id = ?"
        ),
    }
    for foreign in _OF_LARGE:
        del things[foreign]
    return replace(town, things=things)


def _visitor(
    connection: sqlite3.Connection,
    name: str,
    account: int | None,
    town: Town,
    crowd: Crowd,
    roles: Sequence[Role],
) -> Visitor:
    """Sign somebody in to the console; return who it is, with the addresses of what they see there."""
    token, now = new_secret(), int(datetime.now(UTC).timestamp() * 1_000_000)
    connection.execute(
        "INSERT INTO sessions (account_id, token_hash, kind, created_at, seen_at, confirmed_at) "
        "VALUES (?, ?, 'Chrome', ?, ?, ?)",
        (account, hash_token(token), now, now, now),
    )
    (message,) = connection.execute("SELECT id FROM messages WHERE slug = ?", (_MOST,)).fetchone()
    things = {**town.things}
    if account != _SMALL:
        things["message"] = str(message)
    town = replace(town, things=things)
    narrowed = _narrowed(town, crowd)
    if account is None:
        narrowed += ["/console/accounts?before=60", "/console/watches?page=2", *_OF_WATCH]
    paths = [path for path in _of_routes(town, roles) if account is not None or path not in _NOT_THE_OPERATORS]
    return Visitor(name=name, headers=as_operator(token), paths=[*paths, *narrowed])


def _narrowed(town: Town, crowd: Crowd) -> list[str]:
    """Return addresses of the console's lists, narrowed and turned over, to the last page too."""
    things = town.things
    half = crowd.messages // 2
    app, topic, told, uid = (things[each] for each in ("app", "topic", "message", "uid"))
    middle = f"before={crowd.subscribers // 2}"
    return [
        "/console/apps?before=60",
        f"/console/apps/{app}/callbacks?before=60",
        "/console/tokens?before=60",
        f"/console/acts?{middle}",
        "/console/acts?before=60",
        f"/console/topics?app={app}",
        f"/console/topics?app={app}&q=7",
        "/console/topics?q=nowhere",
        "/console/topics?before=60",
        "/console/topics?after=1",
        f"/console/topics/new?app={app}",
        f"/console/topics/{topic}?state=following&{middle}",
        f"/console/topics/{topic}?state=waiting",
        f"/console/topics/{topic}?before=60",
        f"/console/topics/{topic}/merge?q=7",
        f"/console/subscribers?{middle}",
        "/console/subscribers?before=60",
        "/console/subscribers?state=waiting",
        "/console/subscribers?state=rejected",
        "/console/subscribers?q=nowhere",
        "/console/subscribers?q=UID_",
        "/console/subscribers?q=reader+77",
        f"/console/subscribers?app={app}",
        f"/console/subscribers?app={app}&before=60",
        f"/console/subscribers?app={app}&topic={topic}",
        f"/console/subscribers?app={app}&topic={topic}&state=following&{middle}",
        f"/console/subscribers?app={app}&topic={topic}&state=waiting",
        f"/console/subscribers?app={app}&state=rejected",
        f"/console/subscribers?app={app}&q=UID_00",
        f"/console/subscribers?app={app}&q=nowhere",
        f"/console/messages?before={half}",
        "/console/messages?before=60",
        "/console/messages?after=1",
        "/console/messages?text=999",
        "/console/messages?text=nowhere",
        "/console/messages?state=failed",
        "/console/messages?state=seen",
        "/console/messages?state=waiting",
        f"/console/messages?app={app}",
        f"/console/messages?app={app}&before={half}",
        f"/console/messages?app={app}&state=failed",
        f"/console/messages?topic={topic}",
        f"/console/messages?topic={topic}&before=60",
        f"/console/messages?uid={uid}",
        f"/console/messages?uid={town.reader.subscriber.uid}&state=seen",
        "/console/messages?uid=UID_nobody",
        f"/console/messages?from={datetime.now(UTC):%Y-%m-%d}",
        "/console/messages?to=2000-01-01",
        f"/console/messages/{told}?after={half}",
        f"/console/messages/{told}?uid={uid}",
        f"/console/compose?topic={topic}",
        f"/console/compose?app={app}",
    ]


def _reader(town: Town, crowd: Crowd) -> Visitor:
    topic = f"t/{town.topic.slug}"
    narrowed = [
        "/inbox?q=999",
        "/inbox?q=nowhere",
        f"/inbox?from={topic}",
        f"/inbox?from=a/{town.app.slug}",
        f"/inbox?from={topic}&q=nowhere",
        f"/inbox?followed={topic}",
        f"/a/{town.app.slug}",
        f"/m/{crowd.messages:028d}",
        f"/m/{_MOST}",
    ]
    paths = [*_of_routes(town, (Role.PUBLIC, Role.DEVICE)), *narrowed]
    return Visitor(name=SUBSCRIBER, headers={"Cookie": f"{DEVICE_COOKIE}={town.reader.device_token}"}, paths=paths)


def _of_routes(town: Town, roles: Sequence[Role]) -> Sequence[str]:
    """Return the address of every page that one of these roles may get; of several that lead to one page, the first."""
    pages = {
        route.handler: route.path
        for route in reversed(ROUTES)
        if route.method == "GET" and route.role in roles and route.path not in _NO_PAGES
    }
    foreign = [f"{{{name}}}" for name in _OF_LARGE if name not in town.things]
    return [town.path(pattern) for pattern in pages.values() if not any(name in pattern for name in foreign)]
