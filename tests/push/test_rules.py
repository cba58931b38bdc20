"""Anything that owners and subscribers may do, in any order: who gets a message, and who is counted."""

from __future__ import annotations

import asyncio
import json
import shutil
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.push.builders import NOON, a_draft, a_reader, texts
from watcher.core.callbacks import QrCode, Source
from watcher.core.push import App, AppProfile, Place, PushTopic, Subscriber, SubscriptionState, TopicMode
from watcher.errors import RefusedError
from watcher.push.commands import CommandResult
from watcher.push.opening import open_push_service
from watcher.push.service import PushService

FOLLOWING, WAITING, REJECTED = SubscriptionState.FOLLOWING, SubscriptionState.WAITING, SubscriptionState.REJECTED
READERS = 3
who = st.integers(0, READERS - 1)
where = st.sampled_from(["open", "approval", "closed", "app"])


class Followers(RuleBasedStateMachine):
    """
    A service beside a model of it: how each reader stands to each place, and what each was sent.

    Class attributes, set by the test:
        directory: of the databases.
    """

    directory: Path
    made = count()

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.standing: dict[tuple[int, str], SubscriptionState] = {}
        self.is_off: set[tuple[int, str]] = set()
        self.inboxes: list[list[str]] = [[] for _ in range(READERS)]
        self.told: list[str] = []
        self.sent = count()

    @initialize()
    def open(self) -> None:
        database = self.directory / f"{next(self.made)}.db"
        shutil.copy(self.directory / "empty.db", database)
        self.loop.run(self._open(database))

    async def _open(self, database: Path) -> None:
        self.service: PushService = await open_push_service(database, now=lambda: NOON)
        self.app: App
        self.app, _ = await self.service.apps.add(AppProfile(name="shop", callback_url="http://owner.example/"))
        self.topics: dict[str, PushTopic] = {
            mode.value: await self.service.topics.add(mode.value, app_id=self.app.id, mode=mode) for mode in TopicMode
        }
        self.code: QrCode = await self.service.codes.add(self.app, "desk")
        self.readers: list[Subscriber] = [await a_reader(self.service) for _ in range(READERS)]

    def teardown(self) -> None:
        if hasattr(self, "service"):
            self.loop.run(self.service.close())
        self.loop.close()

    @rule(one=who, place=where)
    def follow(self, one: int, place: str) -> None:
        before = self.standing.get((one, place))
        try:
            if place == "app":
                self.loop.run(self.service.subscriptions.follow_app(self.readers[one], self.app.id, Source.LINK))
                state = FOLLOWING
            else:
                state = self.loop.run(
                    self.service.subscriptions.follow(self.readers[one], topic_id=self.topics[place].id)
                )
        except RefusedError:
            assert before is REJECTED or (before is None and place == "closed")
            return
        assert before is not REJECTED
        assert state is (before or (WAITING if place == "approval" else FOLLOWING))
        self._follows(one, place, state)

    @rule(one=who)
    def scan(self, one: int) -> None:
        is_rejected = self.standing.get((one, "app")) is REJECTED
        try:
            self.loop.run(self.service.codes.scan(self.code.slug, self.readers[one]))
        except RefusedError:
            assert is_rejected
            return
        assert not is_rejected
        if self.standing.get((one, "app")) is FOLLOWING:
            self.told.append(self.readers[one].uid)
        self._follows(one, "app", FOLLOWING)

    @rule(one=who)
    def write_the_number(self, one: int) -> None:
        reply = self.loop.run(self.service.commands.run(self.readers[one], f"#{self.app.id}"))
        is_rejected = self.standing.get((one, "app")) is REJECTED
        assert reply.result is (CommandResult.REJECTED if is_rejected else CommandResult.FOLLOWED)
        if not is_rejected:
            self._follows(one, "app", FOLLOWING)

    @rule(one=who, place=where)
    def let_in(self, one: int, place: str) -> None:
        """The operator lets in by hand whom no door stops, but not who is rejected."""
        try:
            self.loop.run(self.service.subscriptions.follow(self.readers[one], is_approved=True, **self._ids(place)))
        except RefusedError:
            assert self.standing.get((one, place)) is REJECTED
            return
        is_off = (one, place) in self.is_off
        self._follows(one, place, FOLLOWING)
        if is_off:
            self.is_off.add((one, place))

    @rule(one=who, place=where)
    def unfollow(self, one: int, place: str) -> None:
        self.loop.run(self.service.subscriptions.unfollow(self.readers[one], **self._ids(place)))
        if self.standing.get((one, place)) is REJECTED:
            self.is_off.add((one, place))
        else:
            self._is_gone(one, place)

    @rule(one=who, place=where)
    def approve(self, one: int, place: str) -> None:
        if number := self._number(one, place):
            try:
                self.loop.run(self.service.subscriptions.approve(number, app_id=self.app.id))
            except RefusedError:
                assert self.standing[one, place] is REJECTED
                return
            self.standing[one, place] = FOLLOWING

    @rule(one=who, place=where, is_rejected=st.booleans())
    def reject(self, one: int, place: str, is_rejected: bool) -> None:
        if number := self._number(one, place):
            self.loop.run(self.service.subscriptions.reject(number, is_rejected=is_rejected, app_id=self.app.id))
            if is_rejected or self.standing[one, place] is REJECTED:
                self.standing[one, place] = REJECTED if is_rejected else FOLLOWING

    @rule(one=who, place=where)
    def remove(self, one: int, place: str) -> None:
        if number := self._number(one, place):
            self.loop.run(self.service.subscriptions.remove(number, app_id=self.app.id))
            self._is_gone(one, place)

    @rule(to=st.sets(who), topics=st.sets(st.sampled_from(["open", "approval", "closed"])))
    def send(self, to: set[int], topics: set[str]) -> None:
        if not to and not topics:
            return
        text = f"news {next(self.sent)}"
        uids, ids = [self.readers[one].uid for one in to], [self.topics[topic].id for topic in topics]
        results = self.loop.run(self.service.messages.send(self.app, a_draft(text), uids=uids, topic_ids=ids))
        assert [result.code == 1000 for result in results] == [
            *(self._gets(one, "app") for one in to),
            *(True for _ in topics),
        ]
        for one, inbox in enumerate(self.inboxes):
            if (one in to and self._gets(one, "app")) or any(self._gets(one, topic) for topic in topics):
                inbox.append(text)

    @invariant()
    def everybody_has_what_was_meant_for_them_once(self) -> None:
        assert [self.loop.run(texts(self.service, reader)) for reader in self.readers] == self.inboxes

    @invariant()
    def counts_and_lists_agree(self) -> None:
        for topic in self.loop.run(self.service.topics.all()):
            assert topic.subscribers == sum(
                state is FOLLOWING for (_, place), state in self.standing.items() if place == topic.name
            )
        page = self.loop.run(self.service.subscriptions.page(app_id=self.app.id))
        assert page.total == len(self.standing)
        names = {self.readers[one].uid: one for one in range(READERS)}
        assert {
            (names[found.subscriber.uid], "app" if found.topic_id is None else found.place): found.state
            for found in page.subscriptions
        } == self.standing

    @invariant()
    def the_owner_is_told_of_each_new_follower_and_each_scan(self) -> None:
        said = self.loop.run(self.service.callbacks.newest(self.app.id, limit=1_000))
        assert [json.loads(one.body)["data"]["uid"] for one in said][::-1] == self.told

    def _gets(self, one: int, place: str) -> bool:
        return self.standing.get((one, place)) is FOLLOWING and (one, place) not in self.is_off

    def _follows(self, one: int, place: str, state: SubscriptionState) -> None:
        if place == "app" and (one, place) not in self.standing:
            self.told.append(self.readers[one].uid)
        self.standing[one, place] = state
        self.is_off.discard((one, place))

    def _is_gone(self, one: int, place: str) -> None:
        self.standing.pop((one, place), None)
        self.is_off.discard((one, place))

    def _place(self, place: str) -> Place:
        return Place(app_id=self.app.id) if place == "app" else Place(topic_id=self.topics[place].id)

    def _ids(self, place: str) -> dict[str, int | None]:
        found = self._place(place)
        return {"app_id": found.app_id, "topic_id": found.topic_id}

    def _number(self, one: int, place: str) -> int | None:
        """Return the id of a subscription, None where there is none."""
        found = self.loop.run(self.service.subscriptions.find(self.readers[one], **self._ids(place)))
        return found.id if found else None


def test_whoever_does_what_in_whatever_order_the_right_people_get_each_message_once(tmp_path: Path) -> None:
    async def make() -> None:
        await (await open_push_service(tmp_path / "empty.db", now=lambda: NOON)).close()

    asyncio.run(make())
    Followers.directory = tmp_path
    run_state_machine_as_test(
        Followers,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
