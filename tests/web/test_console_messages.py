"""The console's messages, over a real server: the list, what became of each, sending again, deleting."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.push.prepared import place_tables
from tests.web.console_desk import an_owner, page_of, send_form, session_of
from tests.web.login import as_operator, serving
from tests.web.places import run, skip_numbers
from tests.web.site import NOW, Site
from watcher.core.push import App, AppProfile, DeliveryState, PushTopic, Subscriber, TopicDraft
from watcher.core.settings import Settings
from watcher.errors import InvalidRequestError
from watcher.push.draft import make_draft
from watcher.push.message_log import repeats_of
from watcher.push.opening import open_push_service
from watcher.push.service import PushService

_SCRIPT = "<script>window.pwned=1</script>"
_LIST = "/console/messages"


@pytest.fixture
def operator(push: PushService, tmp_path: Path) -> dict[str, str]:  # noqa: ARG001 whose database it is
    """The headers of the operator's browser."""
    return as_operator(session_of(tmp_path / "push.sqlite3"))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "push.sqlite3"


async def _shop(site: Site, name: str = "Shop") -> tuple[App, PushTopic]:
    app, _ = await site.push.apps.add(AppProfile(name=name))
    return app, await site.push.topics.add("News", app_id=app.id)


async def _follower(site: Site, topic: PushTopic) -> Subscriber:
    return (await site.push.subscribers.add(topic_ids=[topic.id])).subscriber


async def _send(site: Site, app: App, topic: PushTopic, words: str = "Hello") -> int:
    [sent] = await site.push.messages.send(app, make_draft(words), topic_ids=[topic.id])
    assert sent.message_id is not None
    return sent.message_id


def _fail(database: Path, message_id: int, uid: str, reason: str = "the browser said no") -> None:
    """Store that a message failed over the notifications of a reader."""
    run(
        database,
        "INSERT INTO deliveries (message_id, subscriber_id, channel, state, reason) "
        "SELECT ?, id, 'webpush', 'failed', ? FROM subscribers WHERE uid = ?",
        message_id,
        reason,
        uid,
    )


def _summaries(html: str) -> list[str]:
    return re.findall(r'<a href="/console/messages/\d+"><bdi>(.*?)</bdi>', html)


async def test_messages_come_newest_first_with_whom_they_reached(
    site: Site, operator: dict[str, str], database: Path
) -> None:
    app, topic = await _shop(site)
    first, second = [await _follower(site, topic) for _ in range(2)]
    number = await _send(site, app, topic, "One")
    await _send(site, app, topic, "Two")
    [item, _] = await site.push.inbox.items(first)
    await site.push.inbox.mark_shown(first, [item.id])
    _fail(database, number, second.uid)
    html = await page_of(site, _LIST, operator)
    assert _summaries(html) == ["Two", "One"]
    assert all(words in html for words in ("2 readers", "shown to 1", "failed for 1", "<bdi>News</bdi>"))


async def test_the_list_is_narrowed_by_what_the_form_says(
    site: Site, operator: dict[str, str], subtests: pytest.Subtests
) -> None:
    app, topic = await _shop(site)
    other, elsewhere = await _shop(site, "Bank")
    reader = await _follower(site, topic)
    await _send(site, app, topic, "50% off")
    await _send(site, other, elsewhere, "Salary")
    day = f"{NOW:%Y-%m-%d}"
    for query, found in (
        (f"app={app.id}", ["50% off"]),
        (f"topic={elsewhere.id}", ["Salary"]),
        (f"uid={reader.uid}", ["50% off"]),
        ("uid=UID_nobody", []),
        ("text=50%25", ["50% off"]),
        ("text=SAL", ["Salary"]),
        ("text=5_", []),
        (f"from={day}&to={day}", ["Salary", "50% off"]),
        (f"to={NOW - timedelta(days=1):%Y-%m-%d}", []),
        # 09:30 UTC of NOW is the same day in Shanghai, and the evening before on Hawaii.
        (f"from={day}&to={day}&zone=Asia/Shanghai", ["Salary", "50% off"]),
        (f"from={day}&zone=Pacific/Honolulu", []),
        (f"to={NOW - timedelta(days=1):%Y-%m-%d}&zone=Pacific/Honolulu", ["Salary", "50% off"]),
        (f"from={day}&to={day}&zone=../etc/passwd", ["Salary", "50% off"]),
        ("state=failed", []),
        ("state=waiting", []),
        ("state=seen", []),
        ("state=nonsense", ["Salary", "50% off"]),
    ):
        with subtests.test(query):
            assert _summaries(await page_of(site, f"{_LIST}?{query}", operator)) == found


async def test_a_date_that_is_none_is_said_at_its_field_and_what_was_typed_stays(
    site: Site, operator: dict[str, str]
) -> None:
    html = await page_of(site, f"{_LIST}?from=yesterday&uid=UID_x", operator, status=400)
    assert "“yesterday” is not a date" in html
    assert 'aria-describedby="from-wrong"' in html
    assert 'value="UID_x"' in html


async def test_a_long_list_comes_in_pages_both_ways(site: Site, operator: dict[str, str]) -> None:
    drafts = [(f"n{number}", make_draft(f"n{number}")) for number in range(1, 121)]
    await site.push.messages.publish(
        [TopicDraft(idempotency_key=key, topic="demo", draft=draft) for key, draft in drafts]
    )
    names = [f"n{number}" for number in range(120, 0, -1)]
    html, pages = await page_of(site, _LIST, operator), []
    while True:
        pages.append(_summaries(html))
        older = re.search(r'rel="next" href="([^"]+)"', html)
        if older is None:
            break
        html = await page_of(site, older[1].replace("&amp;", "&"), operator)
    assert pages == [names[:50], names[50:100], names[100:]]
    newer = re.search(r'rel="prev" href="([^"]+)"', html)
    assert newer is not None
    assert _summaries(await page_of(site, newer[1], operator)) == names[50:100]


@pytest.mark.on_both
async def test_a_message_shows_each_reader_and_way_with_reasons_and_never_an_address(
    site: Site, operator: dict[str, str], database: Path
) -> None:
    app, topic = await _shop(site)
    reader = await _follower(site, topic)
    number = await _send(site, app, topic)
    _fail(database, number, reader.uid)
    run(database, "INSERT INTO remarks SELECT ?, id, 'Grandma' FROM subscribers WHERE uid = ?", app.id, reader.uid)
    [item] = await site.push.inbox.items(reader)
    await site.push.inbox.mark_shown(reader, [item.id])
    await site.push.inbox.mark_opened(reader, [item.id])
    html = await page_of(site, f"{_LIST}/{number}", operator)
    for words in (reader.uid, "Grandma", "shown", "opened", "Notifications", "the browser said no", "/m/"):
        assert words in html
    chinese = await page_of(site, f"{_LIST}/{number}", operator, language="zh")
    assert "谁收到了" in chinese


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE subscriptions SET is_receiving = false", "has switched messages off"),
        ("UPDATE subscribers SET is_receiving = false", "has switched messages off"),
        ("UPDATE subscriptions SET state = 'waiting'", "is waiting for your approval"),
        ("UPDATE subscriptions SET state = 'rejected'", "is blocked"),
        ("DELETE FROM subscriptions", "is not subscribed to anything it was sent to"),
    ],
    ids=["muted", "all muted", "waiting", "rejected", "not following"],
)
async def test_it_says_why_somebody_has_nothing_of_a_message(
    site: Site, operator: dict[str, str], database: Path, change: str, words: str
) -> None:
    app, topic = await _shop(site)
    reader = await _follower(site, topic)
    run(database, change)
    number = await _send(site, app, topic)
    html = await page_of(site, f"{_LIST}/{number}?uid={reader.uid}", operator)
    assert words in html


async def test_it_says_that_somebody_followed_after_it_was_sent(
    site: Site, operator: dict[str, str], database: Path
) -> None:
    app, topic = await _shop(site)
    number = await _send(site, app, topic)
    reader = await _follower(site, topic)
    run(database, "UPDATE subscriptions SET created_at = created_at + 1000000")
    assert "subscribed after it was sent" in await page_of(site, f"{_LIST}/{number}?uid={reader.uid}", operator)
    assert "reached everybody" in await page_of(site, f"{_LIST}/{number}/again", operator)


async def test_it_says_why_somebody_who_was_named_got_nothing(site: Site, operator: dict[str, str]) -> None:
    app, _ = await _shop(site)
    reader = (await site.push.subscribers.add(app_ids=[app.id])).subscriber
    [sent, _] = await site.push.messages.send(app, make_draft("Hello"), uids=[reader.uid, "UID_stranger"])
    html = await page_of(site, f"{_LIST}/{sent.message_id}?uid=UID_stranger", operator)
    # As what was looked for, and as one of those it was sent to: in the page's language, whatever the API answered.
    assert html.count("is not subscribed to anything it was sent to") == 2
    assert "未关注应用" not in html


async def test_it_is_sent_again_to_those_alone_whom_it_did_not_reach_and_once(
    site: Site, operator: dict[str, str], database: Path
) -> None:
    app, topic = await _shop(site)
    happy, failed, muted = [await _follower(site, topic) for _ in range(3)]
    run(database, "UPDATE subscriptions SET is_receiving = false WHERE subscriber_id = ?", muted.id)
    number = await _send(site, app, topic)
    run(database, "UPDATE subscriptions SET is_receiving = true")
    _fail(database, number, failed.uid)
    path = f"{_LIST}/{number}/again"
    html = await page_of(site, path, operator)
    assert "Send to 2 people" in html
    found = re.search(r'name="key" value="(\w+)"', html)
    assert found is not None
    answers = [await send_form(site, path, operator, key=found[1]) for _ in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {f"{_LIST}/{number + 1}?said=message_sent_again"}
    assert [len(await site.push.inbox.items(each)) for each in (happy, failed, muted)] == [1, 2, 1]
    [again, _] = await site.push.inbox.items(failed)
    assert (again.message.topic, again.message.draft.content) == ("News", "Hello")
    assert "nobody to send it to again" in await page_of(site, path, operator)
    # Each of the two leads to the other.
    assert f'href="{_LIST}/{number + 1}">#{number + 1}</a>' in await page_of(site, f"{_LIST}/{number}", operator)
    assert f'href="{_LIST}/{number}">#{number}</a>' in await page_of(site, f"{_LIST}/{number + 1}", operator)
    assert [entry.act for entry in await site.push.acts.latest()].count("message_sent_again") == 1


async def test_a_caller_of_the_api_forges_no_repeat(site: Site, operator: dict[str, str], database: Path) -> None:
    app, topic = await _shop(site)
    reader = await _follower(site, topic)
    number = await _send(site, app, topic)
    _fail(database, number, reader.uid)
    await site.push.messages.send(app, make_draft("Not it"), topic_ids=[topic.id], idempotency_key=f"again {number} x")
    assert "Send to 1 person" in await page_of(site, f"{_LIST}/{number}/again", operator)
    assert f"#{number + 1}</a>" not in await page_of(site, f"{_LIST}/{number}", operator)
    forged = f"{repeats_of(number)}x"
    with pytest.raises(InvalidRequestError, match="printable"):
        await site.push.messages.send(app, make_draft("Not it"), uids=[reader.uid], idempotency_key=forged)


async def test_a_repeat_that_failed_is_offered_again_to_its_own_readers_alone(
    site: Site, operator: dict[str, str], database: Path
) -> None:
    app, topic = await _shop(site)
    _, failed = [await _follower(site, topic) for _ in range(2)]
    number = await _send(site, app, topic)
    _fail(database, number, failed.uid)
    for repeat in (number + 1, number + 2):
        # Of the first message, and then of its repeat, which failed too.
        path = f"{_LIST}/{repeat - 1}/again"
        assert "Send to 1 person" in await page_of(site, path, operator)
        await send_form(site, path, operator, key="k" * 31 + str(repeat % 10))
        for earlier in (number, repeat):
            assert "nobody to send it to again" in await page_of(site, f"{_LIST}/{earlier}/again", operator)
        _fail(database, repeat, failed.uid)
        for earlier in (number, repeat):
            assert "Send to 1 person" in await page_of(site, f"{_LIST}/{earlier}/again", operator)
    assert len(await site.push.inbox.items(failed)) == 3


async def test_who_has_all_messages_of_a_day_is_not_sent_one_again_and_the_page_says_so(
    settings: Settings, database: Path
) -> None:
    push = await open_push_service(await place_tables(database), now=lambda: NOW, daily_messages=1)
    async with serving(push, settings) as site:
        operator = as_operator(session_of(database))
        app, topic = await _shop(site)
        await _follower(site, topic)
        await _send(site, app, topic)
        number = await _send(site, app, topic)
        html = await page_of(site, f"{_LIST}/{number}/again", operator)
        assert ("1 person whom it did not reach has had as many" in html, "Send to" in html) == (True, False)
        answer = await send_form(site, f"{_LIST}/{number}/again", operator, key="k" * 32)
        assert answer.headers["Location"] == f"{_LIST}/{number}?said=message_again_nobody"
    await push.close()


async def test_what_is_sent_again_without_a_key_is_refused(site: Site, operator: dict[str, str]) -> None:
    app, topic = await _shop(site)
    number = await _send(site, app, topic)
    assert (await send_form(site, f"{_LIST}/{number}/again", operator, key="x")).status == 400


async def test_a_message_is_deleted_after_a_question_and_the_second_of_two_hears_so(
    site: Site, operator: dict[str, str]
) -> None:
    app, topic = await _shop(site)
    reader = await _follower(site, topic)
    number = await _send(site, app, topic)
    path = f"{_LIST}/{number}/delete"
    assert "This cannot be undone" in await page_of(site, path, operator)
    assert len(await site.push.inbox.items(reader)) == 1
    said = [(await send_form(site, path, operator)).headers["Location"] for _ in range(2)]
    assert said == [f"{_LIST}?said=message_deleted", f"{_LIST}?said=message_gone"]
    assert await site.push.inbox.items(reader) == []
    for gone in ("", "/again", "/delete"):
        answer = await site.get(f"{_LIST}/{number}{gone}", headers=operator)
        assert (answer.status, answer.headers["Location"]) == (303, f"{_LIST}?said=message_gone")
    assert [entry.act for entry in await site.push.acts.latest()].count("message_deleted") == 1


async def test_the_state_differs_as_soon_as_something_became_of_the_message(
    site: Site, operator: dict[str, str]
) -> None:
    app, topic = await _shop(site)
    reader = await _follower(site, topic)
    number = await _send(site, app, topic)
    [item] = await site.push.inbox.items(reader)

    async def version() -> str:
        return str((await (await site.get(f"{_LIST}/{number}/state", headers=operator)).json())["version"])

    before = await version()
    assert before == await version()
    await site.push.inbox.mark_shown(reader, [item.id])
    shown = await version()
    await site.push.inbox.mark_opened(reader, [item.id])
    assert len({before, shown, await version()}) == 3


@pytest.mark.faults
@pytest.mark.parametrize(
    ("content", "kind"),
    [(_SCRIPT, 1), (f"<p>x</p>{_SCRIPT}", 2), (f"x {_SCRIPT}", 3), ("\u202eevil " * 2_000, 1), ("字" * 20_000, 1)],
    ids=["text", "html", "markdown", "right to left", "long"],
)
async def test_hostile_messages_are_shown_and_run_nothing(
    site: Site, operator: dict[str, str], database: Path, content: str, kind: int
) -> None:
    app, topic = await _shop(site, f"Shop {_SCRIPT}")
    await _follower(site, topic)
    draft = make_draft(content, summary=f"{_SCRIPT}\u202e", content_type=kind, url="https://x.example/?<script>")
    [sent] = await site.push.messages.send(app, draft, topic_ids=[topic.id])
    run(database, "UPDATE deliveries SET reason = ?, state = 'failed'", _SCRIPT)
    for path in (_LIST, f"{_LIST}/{sent.message_id}", f"{_LIST}/{sent.message_id}/again"):
        answer = await site.get(path, headers=operator)
        html = await answer.text()
        assert _SCRIPT not in html
        assert not re.search(r"<script(?![^>]+src=)|<style| style=(?!&#)| on\w+=", re.sub(r'srcdoc="[^"]*"', "", html))
        assert "<bdi>" in html
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_a_message_that_waits_for_its_turn_says_so(site: Site, operator: dict[str, str], database: Path) -> None:
    app, topic = await _shop(site)
    number = await _send(site, app, topic)
    run(database, "INSERT INTO fan_outs (message_id) VALUES (?)", number)
    assert "being delivered" in await page_of(site, _LIST, operator)
    assert "It is being delivered" in await page_of(site, f"{_LIST}/{number}", operator)
    assert "still being delivered" in await page_of(site, f"{_LIST}/{number}?uid=UID_x", operator)
    assert "Look again in a minute" in await page_of(site, f"{_LIST}/{number}/again", operator)
    assert _summaries(await page_of(site, f"{_LIST}?state=waiting", operator)) == ["Hello"]


async def test_a_state_is_one_of_the_words_of_the_service(site: Site, operator: dict[str, str], database: Path) -> None:
    app, topic = await _shop(site)
    await _follower(site, topic)
    number = await _send(site, app, topic)
    for state in DeliveryState:
        run(database, "UPDATE deliveries SET state = ?", state)
        await page_of(site, f"{_LIST}/{number}", operator)


async def test_an_owner_sees_their_own_messages_and_nothing_of_others(site: Site, database: Path) -> None:
    app, topic = await _shop(site)
    other, elsewhere = await _shop(site, "Bank")
    reader = await _follower(site, elsewhere)
    mine, theirs = await _send(site, app, topic, "Mine"), await _send(site, other, elsewhere, "Theirs")
    owner = as_operator(session_of(database, an_owner(database, app)))
    html = await page_of(site, _LIST, owner)
    assert _summaries(html) == ["Mine"]
    assert "Bank" not in html
    assert _summaries(await page_of(site, f"{_LIST}?uid={reader.uid}", owner)) == []
    await page_of(site, f"{_LIST}/{mine}", owner)
    for query in (f"app={other.id}", "app=999", f"topic={elsewhere.id}", "topic=999"):
        await page_of(site, f"{_LIST}?{query}", owner, status=404)
    for number in (theirs, 999_999, "x", "9" * 40):
        for path in ("", "/state", "/delete", "/again", f"?uid={reader.uid}"):
            await page_of(site, f"{_LIST}/{number}{path}", owner, status=404)
        for path in ("delete", "again"):
            assert (await send_form(site, f"{_LIST}/{number}/{path}", owner, key="x" * 32)).status == 404
    assert len(await site.push.inbox.items(reader)) == 1


async def test_a_channel_s_own_words_are_the_operator_s_to_read(
    site: Site, operator: dict[str, str], database: Path
) -> None:
    app, topic = await _shop(site)
    reader = await _follower(site, topic)
    number = await _send(site, app, topic)
    _fail(database, number, reader.uid, "550 <ada@example.org>: no such user")
    assert "ada@example.org" in await page_of(site, f"{_LIST}/{number}", operator)
    html = await page_of(site, f"{_LIST}/{number}", as_operator(session_of(database, an_owner(database, app))))
    assert "ada@example.org" not in html
    assert "the channel did not take it" in html


async def test_a_search_reads_so_many_messages_and_goes_on_at_the_older_ones(
    site: Site, operator: dict[str, str], database: Path
) -> None:
    app, topic = await _shop(site)
    await _send(site, app, topic, "needle")
    skip_numbers(database, "messages", 30_000)
    await _send(site, app, topic, "hay")
    html = await page_of(site, f"{_LIST}?text=needle", operator)
    assert "Older ones have not been searched" in html
    older = re.search(r'href="([^"]*before=\d+)"', html)
    assert older is not None
    assert _summaries(await page_of(site, older[1].replace("&amp;", "&"), operator)) == ["needle"]


async def test_an_owner_sends_again_within_their_limit(site: Site, database: Path) -> None:
    app, topic = await _shop(site)
    reader = await _follower(site, topic)
    number = await _send(site, app, topic)
    _fail(database, number, reader.uid)
    owner = as_operator(session_of(database, an_owner(database, app)))
    run(database, "UPDATE accounts SET max_messages = 1")
    answer = await send_form(site, f"{_LIST}/{number}/again", owner, key="k" * 32)
    assert answer.headers["Location"] == f"{_LIST}/{number}?said=message_refused"
    assert len(await site.push.inbox.items(reader)) == 1
    run(database, "UPDATE accounts SET max_messages = 2")
    answer = await send_form(site, f"{_LIST}/{number}/again", owner, key="k" * 32)
    assert answer.headers["Location"].endswith("?said=message_sent_again")
