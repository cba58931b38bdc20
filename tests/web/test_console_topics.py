"""The console's topics and subscribers, over a real server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse
from msgspec import Struct

from tests.web.console_desk import an_owner, page_of, send_form, session_of
from tests.web.login import as_operator
from tests.web.places import run
from tests.web.site import Site
from watcher.core.accounts import LimitOverrides
from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.locale import Locale
from watcher.core.push import App, AppProfile, PushTopic, Slice, Subscriber, SubscriptionState, TopicMode
from watcher.core.watch import Topic
from watcher.push.draft import make_draft
from watcher.push.service import PushService

_TOPICS = "/console/topics"
_PEOPLE = "/console/subscribers"
_HOSTILE = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202egnp.exe \u200f\u2066evil",
    "W" * 500,
    "{{ 7 * 7 }}</title><style>*{display:none}</style>",
)

Headers: TypeAlias = Mapping[str, str]


class Owner(Struct, frozen=True, kw_only=True):
    """An account with one application. `headers`: of the browser in which its person is signed in."""

    id: int
    app: App
    headers: Headers


@pytest.fixture
def operator(push: PushService, tmp_path: Path) -> Headers:  # noqa: ARG001 whose database it is
    """Of the operator's browser."""
    return as_operator(session_of(tmp_path / "push.sqlite3"))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "push.sqlite3"


@pytest.fixture
async def owner(push: PushService, database: Path) -> Owner:
    app, _ = await push.apps.add(AppProfile(name="Ann's shop"))
    headers = as_operator(session_of(database, an_owner(database, app)))
    found = await push.apps.of_id(app.id)
    assert found is not None
    return Owner(id=found.account_id or 0, app=found, headers=headers)


async def _topic(site: Site, app: App, name: str = "News", mode: TopicMode = TopicMode.OPEN) -> PushTopic:
    return await site.push.topics.add(name, app_id=app.id, mode=mode)


async def _shop(site: Site) -> App:
    return (await site.push.apps.add(AppProfile(name="Shop", contact="shop@example.org")))[0]


async def _follower(site: Site, *topics: PushTopic, app: App | None = None) -> Subscriber:
    made = await site.push.subscribers.add(app_ids=[app.id] if app else [])
    for topic in topics:
        await site.push.subscriptions.follow(made.subscriber, topic_id=topic.id)
    return made.subscriber


async def _subscription(site: Site, reader: Subscriber, topic: PushTopic) -> int:
    found = await site.push.subscriptions.find(reader, topic_id=topic.id)
    assert found is not None
    return found.id


async def _state(site: Site, reader: Subscriber, topic: PushTopic) -> SubscriptionState | None:
    found = await site.push.subscriptions.find(reader, topic_id=topic.id)
    return found.state if found else None


async def _then(site: Site, answer: ClientResponse, headers: Headers) -> str:
    """Return the page that a form leads to."""
    assert answer.status == 303, await answer.text()
    return await page_of(site, answer.headers["Location"], headers)


def _fields(html: str, action: str) -> dict[str, str]:
    """Return what is hidden in a form."""
    form = html.split(f'action="{action}"')[1].split("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


async def test_a_topic_is_made_and_its_page_has_its_code_and_link(site: Site, owner: Owner) -> None:
    html = await page_of(site, _TOPICS, owner.headers)
    assert "No topics yet" in html
    assert f'name="app" value="{owner.app.id}"' in await page_of(site, f"{_TOPICS}/new", owner.headers)
    fields = {"app": str(owner.app.id), "name": " New\nbooks ", "description": "Each Friday", "language": "zh"}
    answer = await send_form(site, f"{_TOPICS}/new", owner.headers, mode="approval", **fields)
    html = await _then(site, answer, owner.headers)
    [made] = [topic for topic in await site.push.topics.all() if topic.app_id == owner.app.id]
    assert (made.name, made.description, made.mode) == ("New books", "Each Friday", TopicMode.APPROVAL)
    assert made.language is Locale.CHINESE
    assert "The topic is created." in html
    assert f"http://push.example/t/{made.slug}" in html
    assert f"/t/{made.slug}/qr.svg" in html
    entries = await site.push.acts.latest(account_id=owner.id)
    assert [(entry.act, entry.subject) for entry in entries] == [("topic_made", "New books")]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"name": " \u200b"}, "Enter a name that people recognise.", id="nameless"),
        pytest.param({"name": "x" * 501}, "At most 500 characters.", id="long"),
        pytest.param({"name": "x", "description": "y" * 501}, "At most 500 characters.", id="long description"),
        pytest.param({"name": "x", "mode": "secret"}, "Choose one of the three.", id="mode"),
        pytest.param({"name": "x", "language": "de"}, "Choose one from the list.", id="language"),
        pytest.param({"name": "x", "app": "1"}, "Choose one of your applications.", id="an application of others"),
        pytest.param({"name": "x", "app": "9" * 40}, "Choose one of your applications.", id="no application"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    site: Site, owner: Owner, fields: Mapping[str, str], words: str
) -> None:
    before = len(await site.push.topics.all())
    given = {"app": str(owner.app.id), "mode": "open", "description": "kept <b>"} | dict(fields)
    answer = await send_form(site, f"{_TOPICS}/new", owner.headers, **given)
    assert answer.status == 422
    html = await answer.text()
    assert words in html
    assert "kept &lt;b&gt;" in html or "y" * 501 in html
    assert len(await site.push.topics.all()) == before


async def test_an_owner_who_may_have_no_more_topics_is_told(site: Site, owner: Owner, database: Path) -> None:
    run(database, "UPDATE accounts SET max_topics = 0")
    answer = await send_form(site, f"{_TOPICS}/new", owner.headers, app=str(owner.app.id), name="News", mode="open")
    assert answer.status == 422
    assert "No more topics can be created. The operator can allow more." in await answer.text()


async def test_the_list_is_searched_and_narrowed_to_one_application(site: Site, operator: Headers) -> None:
    shop = await _shop(site)
    for name in ("Books", "Films"):
        await _topic(site, shop, name)
    assert "Books" in await page_of(site, _TOPICS, operator)
    html = await page_of(site, f"{_TOPICS}?app={shop.id}&q=FILM", operator)
    assert "Films" in html
    assert ">Books<" not in html
    assert "Price drops" not in html
    assert "No topic has “&lt;b&gt;” in its name or key." in await page_of(site, f"{_TOPICS}?q=<b>", operator)


async def test_many_topics_come_in_pages(site: Site, owner: Owner) -> None:
    await site.push.accounts.set_limits(owner.id, LimitOverrides(topics=120))
    for number in range(120):
        await _topic(site, owner.app, f"T{number:03}")
    path, shown = _TOPICS, []
    for _ in range(3):
        html = await page_of(site, path, owner.headers)
        shown.append(re.findall(r">(T\d{3})<", html))
        older = re.search(r'rel="next" href="([^"]+)"', html)
        path = older[1].replace("&amp;", "&") if older else ""
    names = [f"T{number:03}" for number in range(119, -1, -1)]
    assert shown == [names[:50], names[50:100], names[100:]]
    assert path == ""
    newer = re.search(r'rel="prev" href="([^"]+)"', html)
    assert newer is not None
    assert re.findall(r">(T\d{3})<", await page_of(site, newer[1], owner.headers)) == names[50:100]


async def test_a_topic_is_changed_and_its_follow_page_speaks_its_language(site: Site, owner: Owner) -> None:
    topic = await _topic(site, owner.app)
    path = f"{_TOPICS}/{topic.id}"
    fields = _fields(await page_of(site, path, owner.headers), path)
    answer = await send_form(
        site, path, owner.headers, **fields, name="新书", description="", mode="closed", language="zh"
    )
    assert "Saved." in await _then(site, answer, owner.headers)
    edited = await site.push.topics.of_id(topic.id)
    assert edited is not None
    assert (edited.name, edited.mode, edited.language) == ("新书", TopicMode.CLOSED, Locale.CHINESE)
    page = await page_of(site, f"/t/{topic.slug}", {})
    assert '<html lang="zh-CN"' in page
    assert '<html lang="en"' in await page_of(site, f"/t/{topic.slug}?lang=en", {})


async def test_of_two_who_change_one_topic_the_last_one_wins_and_nothing_else_is_lost(
    site: Site, operator: Headers
) -> None:
    topic = await _topic(site, await _shop(site))
    path = f"{_TOPICS}/{topic.id}"
    shown = _fields(await page_of(site, path, operator), path)
    same = {"mode": "open", "language": ""}
    first = await send_form(site, path, operator, **shown, **same, name="First", description="What comes")
    assert "Somebody else" not in await _then(site, first, operator)
    second = await send_form(site, path, operator, **shown, **same, name="Second", description="")
    html = await _then(site, second, operator)
    assert "Somebody else had changed the same field while you were editing" in html
    edited = await site.push.topics.of_id(topic.id)
    assert edited is not None
    assert (edited.name, edited.description) == ("Second", "What comes")
    subjects = [entry.subject for entry in await site.push.acts.latest() if entry.act == "topic_edited"]
    assert subjects == ["First → Second", "News → First"]


async def test_a_topic_of_the_file_keeps_its_name_and_is_not_removed(site: Site, operator: Headers) -> None:
    topic = await site.topic()
    path = f"{_TOPICS}/{topic.id}"
    html = await page_of(site, path, operator)
    assert "under <code>topics</code> in <code>watches.yaml</code>, or in another file" in html
    answer = await send_form(site, path, operator, name="Mine", mode="approval", language="zh", **_fields(html, path))
    assert answer.status == 303
    edited = await site.push.topics.of_id(topic.id)
    assert edited is not None
    assert (edited.name, edited.mode, edited.language) == ("Price drops", TopicMode.APPROVAL, Locale.CHINESE)
    assert "cannot be removed here" in await page_of(site, f"{path}/remove", operator)
    assert (await send_form(site, f"{path}/remove", operator)).status == 409
    assert await site.push.topics.of_id(topic.id) is not None


async def test_the_operators_topic_is_neither_merged_nor_removed(site: Site, operator: Headers) -> None:
    await site.push.topics.declare([Topic(key="admin", name="Alerts"), Topic(key="demo", name="Price drops")])
    [admin] = [topic for topic in await site.push.topics.all() if topic.key == "admin"]
    into = await site.topic()
    path = f"{_TOPICS}/{admin.id}"
    for page in ("merge", f"merge?into={into.id}", "remove"):
        assert "tells the operator what goes wrong" in await page_of(site, f"{path}/{page}", operator)
    assert (await send_form(site, f"{path}/merge", operator, into=str(into.id))).status == 409


async def test_the_code_is_changed_after_a_page_that_says_what_stops_working(site: Site, owner: Owner) -> None:
    topic = await _topic(site, owner.app)
    await _follower(site, topic)
    path = f"{_TOPICS}/{topic.id}/code"
    html = await page_of(site, path, owner.headers)
    assert "Printed posters and shared links of this topic stop working at once" in html
    assert "Its one subscriber stays" in html
    assert "no longer work" in await _then(site, await send_form(site, path, owner.headers), owner.headers)
    assert (await site.get(f"/t/{topic.slug}")).status == 404


async def test_a_topic_is_merged_into_another_one_of_its_application(
    site: Site, owner: Owner, operator: Headers
) -> None:
    old, new = await _topic(site, owner.app, "Old"), await _topic(site, owner.app, "New")
    foreign = await _topic(site, await _shop(site), "Foreign")
    reader = await _follower(site, old)
    path = f"{_TOPICS}/{old.id}/merge"
    html = await page_of(site, path, owner.headers)
    assert f"into={new.id}" in html
    assert "Foreign" not in html
    html = await page_of(site, f"{path}?into={new.id}", owner.headers)
    assert "One subscriber moves to “New”" in html
    assert "This cannot be undone." in html
    for headers in (owner.headers, operator):
        for odd in (foreign.id, old.id, 999, "x", ""):
            assert (await site.get(f"{path}?into={odd}", headers=headers)).status == 404
            assert (await send_form(site, path, headers, into=str(odd))).status == 404
    assert "lead here now" in await _then(
        site, await send_form(site, path, owner.headers, into=str(new.id)), owner.headers
    )
    assert await _state(site, reader, new) is SubscriptionState.FOLLOWING
    assert (await site.get(f"{_TOPICS}/{old.id}", headers=owner.headers)).status == 404


async def test_a_removed_topic_is_not_there_any_more(site: Site, owner: Owner) -> None:
    topic = await _topic(site, owner.app)
    await _follower(site, topic)
    path = f"{_TOPICS}/{topic.id}"
    html = await page_of(site, f"{path}/remove", owner.headers)
    assert "One subscription ends." in html
    assert "This cannot be undone." in html
    answer = await send_form(site, f"{path}/remove", owner.headers)
    assert "The topic is removed." in await _then(site, answer, owner.headers)
    for page in ("", "/poster", "/code", "/merge", "/remove"):
        assert (await site.get(f"{path}{page}", headers=owner.headers)).status == 404
        assert (await send_form(site, f"{path}{page}", owner.headers)).status in (404, 405)


async def test_a_topic_to_which_a_message_is_on_its_way_is_not_removed(
    site: Site, owner: Owner, database: Path
) -> None:
    topic = await _topic(site, owner.app)
    await _follower(site, topic)
    [sent] = await site.push.messages.send(owner.app, make_draft("Hello"), topic_ids=[topic.id])
    run(database, "INSERT INTO fan_outs (message_id, after_subscriber_id) VALUES (?, 0)", sent.message_id)
    answer = await send_form(site, f"{_TOPICS}/{topic.id}/remove", owner.headers)
    assert answer.status == 409
    assert "Try again in a minute" in await answer.text()


async def test_who_waits_is_approved_rejected_let_in_and_removed_with_undo(site: Site, owner: Owner) -> None:
    topic = await _topic(site, owner.app, mode=TopicMode.APPROVAL)
    reader = await _follower(site, topic)
    path = f"{_TOPICS}/{topic.id}"
    assert "One subscriber is waiting for your approval." in await page_of(site, path, owner.headers)
    judged = f"/console/apps/{owner.app.id}/subscriptions/{await _subscription(site, reader, topic)}"
    for act, state, words in (
        ("approve", SubscriptionState.FOLLOWING, "Approved."),
        ("reject", SubscriptionState.REJECTED, "Blocked."),
        ("readmit", SubscriptionState.FOLLOWING, "Unblocked."),
        ("remove", None, "Removed."),
    ):
        answer = await send_form(site, judged, owner.headers, act=act, back="topic")
        assert answer.headers["Location"].startswith(path)
        html = await _then(site, answer, owner.headers)
        assert words in html
        assert await _state(site, reader, topic) is state
    back = f"/console/apps/{owner.app.id}/subscribers/{reader.uid}/undo"
    answer = await send_form(site, back, owner.headers, **_fields(html, back))
    assert "the subscription is back as it was" in await _then(site, answer, owner.headers)
    assert await _state(site, reader, topic) is SubscriptionState.FOLLOWING
    answer = await send_form(site, back, owner.headers, topic=str(topic.id), back="topic")
    assert "too late" in await _then(site, answer, owner.headers)
    assert (
        (await send_form(site, judged, owner.headers, act="approve", back="topic"))
        .headers["Location"]
        .endswith("subscriber_gone")
    )


async def test_all_who_wait_are_approved_by_one_button(site: Site, owner: Owner) -> None:
    topic = await _topic(site, owner.app, mode=TopicMode.APPROVAL)
    readers = [await _follower(site, topic) for _ in range(3)]
    answer = await send_form(site, f"{_TOPICS}/{topic.id}/approve", owner.headers)
    assert "Everybody who was waiting is approved." in await _then(site, answer, owner.headers)
    assert {await _state(site, reader, topic) for reader in readers} == {SubscriptionState.FOLLOWING}


async def test_an_owner_sees_of_a_subscriber_what_is_theirs_alone(site: Site, owner: Owner, operator: Headers) -> None:
    topic, foreign = await _topic(site, owner.app, "Mine"), await _topic(site, await _shop(site), "Foreign topic")
    reader = await _follower(site, topic, foreign, app=owner.app)
    await site.push.subscribers.describe(reader, nickname="A nickname")
    address = AddressDraft(channel=ChannelName.EMAIL, fingerprint="f", value="secret@example.org", label="secret label")
    await site.push.addresses.add(reader, address)
    shop_id = foreign.app_id
    await site.push.audience.set_remark(shop_id, reader, "remark of the shop")
    [shop] = [app for app in await site.push.apps.all() if app.id == shop_id]
    for app, words in ((owner.app, "For you"), (shop, "Not for Ann")):
        await site.push.messages.send(app, make_draft(words), topic_ids=[topic.id if app == owner.app else foreign.id])
    own = f"/console/apps/{owner.app.id}/subscribers/{reader.uid}"
    hidden = ("Foreign topic", "A nickname", "secret@example.org", "secret label", "remark of the shop", "Not for Ann")
    for page in (own, _PEOPLE, f"{_PEOPLE}?app={owner.app.id}", f"{_TOPICS}/{topic.id}"):
        html = await page_of(site, page, owner.headers)
        assert reader.uid in html
        assert not [word for word in hidden if word in html]
    html = await page_of(site, own, owner.headers)
    assert "For you" in html
    assert "Email" not in html
    html = await page_of(site, own, operator)
    assert "Email" in html
    assert not [word for word in ("secret@example.org", "A nickname", "remark of the shop") if word in html]


async def test_a_remark_is_kept_and_found(site: Site, owner: Owner) -> None:
    topic = await _topic(site, owner.app)
    reader, _ = await _follower(site, topic), await _follower(site, topic)
    path = f"/console/apps/{owner.app.id}/subscribers/{reader.uid}"
    assert "The remark is saved." in await _then(
        site, await send_form(site, path, owner.headers, remark="Bob, Sales"), owner.headers
    )
    html = await page_of(site, f"{_PEOPLE}?q=sales", owner.headers)
    assert re.findall(r"UID_\w{28}</code>", html) == [f"{reader.uid}</code>"]
    answer = await send_form(site, path, owner.headers, remark="x" * 101)
    assert answer.status == 422
    assert "x" * 101 in await answer.text()


@pytest.mark.on_both
async def test_subscribers_are_narrowed_by_topic_and_state(site: Site, owner: Owner) -> None:
    open_, asked = await _topic(site, owner.app, "Open"), await _topic(site, owner.app, "Asked", TopicMode.APPROVAL)
    one, other = await _follower(site, open_), await _follower(site, asked)
    for query, found in (
        (f"topic={asked.id}", [other]),
        ("state=following", [one]),
        ("state=waiting", [other]),
        (f"topic={open_.id}&state=waiting", []),
        (f"q={one.uid}", [one]),
        ("state=odd&before=x", [other, one]),
    ):
        html = await page_of(site, f"{_PEOPLE}?{query}", owner.headers)
        uids = re.findall(r'<code class="whole">(UID_\w+)', html)
        assert uids == [reader.uid for reader in found], query


async def test_what_is_foreign_is_not_there_for_an_owner(site: Site, owner: Owner, push: PushService) -> None:
    app = await _shop(site)
    topic = await _topic(site, app, mode=TopicMode.APPROVAL)
    reader, mine = await _follower(site, topic), await _follower(site, app=owner.app)
    subscription = await _subscription(site, reader, topic)
    own_topic = await _topic(site, owner.app)
    foreign = [
        *(("GET", f"{_TOPICS}/{topic.id}{page}") for page in ("", "/poster", "/code", "/merge", "/remove")),
        *(("POST", f"{_TOPICS}/{topic.id}{page}") for page in ("", "/code", "/merge", "/remove", "/approve")),
        ("GET", f"{_TOPICS}?app={app.id}"),
        ("GET", f"{_TOPICS}/new?app={app.id}"),
        ("GET", f"{_PEOPLE}?app={app.id}"),
        ("GET", f"/console/apps/{app.id}/subscribers/{reader.uid}"),
        ("POST", f"/console/apps/{app.id}/subscribers/{reader.uid}"),
        ("POST", f"/console/apps/{app.id}/subscribers/{reader.uid}/undo"),
        ("POST", f"/console/apps/{app.id}/subscriptions/{subscription}"),
        ("GET", f"/console/apps/{owner.app.id}/subscribers/{reader.uid}"),
        ("POST", f"/console/apps/{owner.app.id}/subscribers/{reader.uid}"),
        ("GET", f"/console/apps/{app.id}/subscribers/{mine.uid}"),
    ]
    acts = await push.acts.latest()
    for method, path in foreign:
        fields = {"act": "approve", "into": str(own_topic.id), "remark": "x", "name": "x", "topic": str(topic.id)}
        answer = await (
            site.get(path, headers=owner.headers) if method == "GET" else send_form(site, path, owner.headers, **fields)
        )
        assert answer.status == 404, f"{method} {path}"
    # By the number of an application of their own nothing foreign is reached either.
    away = f"/console/apps/{owner.app.id}/subscriptions/{subscription}"
    assert (await send_form(site, away, owner.headers, act="approve")).headers["Location"].endswith("subscriber_gone")
    assert (await send_form(site, f"{_TOPICS}/{own_topic.id}/merge", owner.headers, into=str(topic.id))).status == 404
    assert await _state(site, reader, topic) is SubscriptionState.WAITING
    assert await push.acts.latest() == acts


@pytest.mark.faults
@pytest.mark.parametrize("name", _HOSTILE, ids=["script", "attribute", "direction", "long", "template"])
async def test_hostile_names_and_remarks_are_text_on_every_page(site: Site, owner: Owner, name: str) -> None:
    topic = await site.push.topics.add(name, app_id=owner.app.id, description=name, mode=TopicMode.APPROVAL)
    other = await _topic(site, owner.app, "Other")
    await site.push.apps.edit(owner.app.id, name=name, contact=name)
    reader = await _follower(site, topic, app=owner.app)
    await site.push.audience.set_remark(owner.app.id, reader, name[:100])
    pages = (
        _TOPICS,
        f"{_TOPICS}?{urlencode({'q': name})}",
        f"{_TOPICS}/new",
        f"{_TOPICS}/{topic.id}",
        f"{_TOPICS}/{topic.id}/poster",
        f"{_TOPICS}/{topic.id}/code",
        f"{_TOPICS}/{topic.id}/merge",
        f"{_TOPICS}/{other.id}/merge",
        f"{_TOPICS}/{topic.id}/merge?into={other.id}",
        f"{_TOPICS}/{topic.id}/remove",
        _PEOPLE,
        f"{_PEOPLE}?{urlencode({'q': name})}",
        f"/console/apps/{owner.app.id}/subscribers/{reader.uid}",
    )
    for page in pages:
        html = await page_of(site, page, owner.headers)
        for scripted in ("<script>window", "<img src=x", "<style>", "49</title>"):
            assert scripted not in html, page
        assert not re.search(r"<script(?![^>]+src=)| style=| on\w+=[^&]*>", html), page
        assert "\u202e" not in re.sub(r"(?s)<(input|textarea)[^>]*>[^<]*", "", html), page


async def test_the_poster_has_all_that_a_passer_by_needs_in_the_topics_language(site: Site, operator: Headers) -> None:
    topic = await site.push.topics.add("Night", app_id=(await _shop(site)).id, description="Each night at nine")
    html = await page_of(site, f"{_TOPICS}/{topic.id}/poster?size=a6", operator)
    for words in ("Night", "Each night at nine", f"http://push.example/t/{topic.slug}", "Press “Subscribe”.", "Shop"):
        assert words in html
    assert '<main class="poster a6 short">' in html
    assert "<svg" in html
    await site.push.topics.edit(topic.id, language=Locale.CHINESE, mode=TopicMode.CLOSED)
    html = await page_of(site, f"{_TOPICS}/{topic.id}/poster?size=odd", operator)
    assert '<html lang="zh-CN">' in html
    assert "用手机相机扫描二维码" in html
    assert "扫码的人无法订阅" in html
    assert '<main class="poster a4 short">' in html


async def test_pages_of_topics_speak_chinese(site: Site, owner: Owner) -> None:
    topic = await _topic(site, owner.app)
    reader = await _follower(site, topic)
    for page, words in (
        (_TOPICS, "谁可以订阅"),
        (f"{_TOPICS}/{topic.id}", "订阅与消息"),
        (_PEOPLE, "订阅内容"),
        (f"/console/apps/{owner.app.id}/subscribers/{reader.uid}", "最近的消息"),
    ):
        html = await page_of(site, page, owner.headers, language="zh")
        assert words in html
        assert ">Subscribers<" not in html


async def test_what_an_applications_program_does_is_in_the_log_as_its_owners(site: Site, owner: Owner) -> None:
    token = await site.push.apps.reset_token(owner.app.id)
    topic = await _topic(site, owner.app)
    number = await _subscription(site, await _follower(site, topic), topic)
    for method, path in (("PUT", "reject?reject=true&"), ("PUT", "reject?reject=false&"), ("DELETE", "remove?")):
        answer = await site.client.request(method, f"/api/fun/{path}appToken={token}&id={number}")
        assert (await answer.json())["success"]
    entries = await site.push.acts.latest(Slice(limit=3, is_newest_first=True))
    assert {(entry.actor.account_id, entry.actor.by) for entry in entries} == {(owner.id, f"app {owner.app.id}")}


async def test_the_undo_of_a_removal_opens_the_page_of_nobody_else(site: Site, owner: Owner) -> None:
    topic, foreign = await _topic(site, owner.app), await _topic(site, await _shop(site))
    removed, stranger = await _follower(site, topic), await _follower(site, foreign)
    judged = f"/console/apps/{owner.app.id}/subscriptions/{await _subscription(site, removed, topic)}"
    answer = await send_form(site, judged, owner.headers, act="remove", back="subscriber")
    path = answer.headers["Location"]
    assert removed.uid in await page_of(site, path, owner.headers)
    page, _, query = path.partition("?")
    await page_of(site, f"{page.replace(removed.uid, stranger.uid)}?{query}", owner.headers, status=404)


async def test_the_undo_of_a_removal_does_not_tell_which_uids_there_are(site: Site, owner: Owner) -> None:
    topic, foreign = await _topic(site, owner.app), await _topic(site, await _shop(site))
    stranger = await _follower(site, foreign)
    answers = []
    for uid in (stranger.uid, "UID_" + "x" * 28):
        path = f"/console/apps/{owner.app.id}/subscribers/{uid}/undo"
        answer = await send_form(site, path, owner.headers, topic=str(topic.id), back="subscriber")
        answers.append((answer.status, answer.headers.get("Location")))
    assert answers[0] == answers[1]
