"""Questions to the workers of a cluster, over its database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from datetime import timedelta

import pytest
from msgspec import Struct

from tests import postgresql as server
from watcher.core.check import OutboxAct, Verdict
from watcher.core.pausing import PauseAct
from watcher.errors import LeaseLostError, StoreError, UnansweredError
from watcher.runtime.cluster.asking import ask_workers
from watcher.runtime.workers.answering import POLL_SECONDS, RETRY_SECONDS, ShardAnswers
from watcher.store.cluster import requests as rows
from watcher.store.cluster.leases import Fence
from watcher.store.cluster.requests import RequestStore
from watcher.watching.cluster_questions import split
from watcher.watching.questions import (
    Answer,
    AskForLive,
    AskOfOutbox,
    AskToAccept,
    AskToCheck,
    AskToPause,
    Outcome,
    Question,
)

TTL = timedelta(seconds=20)
CHECK = AskToCheck(watches=("dune", "tent"), limit_seconds=5)


class Held(Struct, kw_only=True):
    """A lease that a worker of a test has."""

    name: str
    fence: Fence
    is_lost: bool = False


class Town:
    """A database with two watches in two shards, and who is asked there."""

    def __init__(self, postgresql: server.Server, database: str, requests: RequestStore) -> None:
        self.postgresql = postgresql
        self.database = database
        self.requests = requests

    def declare(self, watch: str, shard: int) -> None:
        self.say(
            "INSERT INTO watcher.declaration (watch, origin, shard, host, generation, body, is_gone) "
            f"VALUES ('{watch}', 'files', {shard}, '{watch}.example', 1, '{{}}', false) "
            "ON CONFLICT (watch) DO UPDATE SET shard = excluded.shard"
        )

    def hold(self, name: str, epoch: int = 1) -> Held:
        self.say(
            "INSERT INTO watcher.lease (name, epoch, owner, since, renewed) "
            f"VALUES ('{name}', {epoch}, 'a worker', now(), now()) ON CONFLICT (name) DO UPDATE SET epoch = {epoch}"
        )
        return Held(name=name, fence=Fence(name, epoch, on_lost=lambda: None))

    def say(self, statement: str) -> list[tuple[object, ...]]:
        return self.postgresql.ask(statement, database=self.database)

    def left(self) -> list[tuple[object, ...]]:
        """What is in the table."""
        return self.say("SELECT lease, answer FROM watcher.request ORDER BY number")


@pytest.fixture
async def town(cluster_url: str, cluster_database: str, postgresql_server: server.Server) -> AsyncIterator[Town]:
    async with aclosing(RequestStore(cluster_url)) as requests:
        made = Town(postgresql_server, cluster_database, requests)
        made.declare("dune", 3)
        made.declare("tent", 5)
        yield made


class Runner:
    """Stands for what checks the watches of a shard."""

    def __init__(self, *watches: str) -> None:
        self.watches = dict.fromkeys(watches)
        self.accepted: list[tuple[str, str]] = []
        self.is_refusing = False
        self.answers = asyncio.Event()
        self.answers.set()

    async def pause(self, watches: Sequence[str], act: PauseAct, **how: object) -> Sequence[str]:
        assert (act, how) == (PauseAct.PAUSE, {"until": None, "by": "Firefox"})
        await self.answers.wait()
        if self.is_refusing:
            raise StoreError("the disk is full")
        return [watch for watch in watches if watch in self.watches]

    async def accept(self, watch: str, *, by: str) -> bool:
        if self.is_refusing:
            raise StoreError("the disk is full")
        self.accepted.append((watch, by))
        return True


class Outbox:
    async def do(self, act: OutboxAct, messages: Sequence[str]) -> Sequence[str]:
        return [f"{act} {message}" for message in messages]


@asynccontextmanager
async def answering(
    town: Town,
    *held: tuple[Held, Runner | Outbox],
    poll_seconds: float = POLL_SECONDS,
    retry_seconds: float = RETRY_SECONDS,
) -> AsyncIterator[ShardAnswers]:
    """A worker that has these leases."""
    answers = ShardAnswers(town.requests, poll_seconds=poll_seconds, retry_seconds=retry_seconds)
    async with AsyncExitStack() as stack:
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running = [tasks.create_task(answers.run())]
        for lease, part in held:
            of = answers.of_topics if isinstance(part, Outbox) else answers.of_hosts
            running.append(tasks.create_task(of(lease, part)))  # type: ignore[arg-type]
        yield answers
        for task in running:
            task.cancel()


def pause(*watches: str) -> AskToPause:
    return AskToPause(act=PauseAct.PAUSE, watches=watches, by="Firefox")


# Whom a question is for


PARTS: dict[str, tuple[Question, dict[str, Question]]] = {
    "of watches, by their hosts' shards": (
        CHECK,
        {
            "hosts:3": AskToCheck(watches=("dune",), limit_seconds=5),
            "hosts:5": AskToCheck(watches=("tent",), limit_seconds=5),
        },
    ),
    "of what nobody declares, nobody": (pause("nobody"), {}),
    "of messages, by their topics' shards": (
        AskOfOutbox(act=OutboxAct.TRY, messages=("dune", "tent")),
        {
            "topics:3": AskOfOutbox(act=OutboxAct.TRY, messages=("dune",)),
            "topics:5": AskOfOutbox(act=OutboxAct.TRY, messages=("tent",)),
        },
    ),
    "of one watch alone": (AskToAccept(watch="tent"), {"hosts:5": AskToAccept(watch="tent")}),
    "of the times, nobody: they are in the database": (AskForLive(), {}),
}


@pytest.mark.parametrize(("question", "parts"), PARTS.values(), ids=PARTS)
def test_a_question_is_asked_of_whoever_has_a_part_of_it(question: Question, parts: dict[str, Question]) -> None:
    assert split(question, {"dune": 3, "tent": 5}) == parts


# Asked and answered


async def test_what_several_workers_answer_comes_to_one_answer(town: Town) -> None:
    async with (
        answering(town, (town.hold("hosts:3"), Runner("dune"))),
        answering(town, (town.hold("hosts:5"), Runner("tent"))),
    ):
        said = await ask_workers(town.requests, pause("dune", "tent", "nobody"), limit_seconds=20)
    assert sorted(said.answer.done) == ["dune", "tent"]
    assert said.trouble == ""
    assert town.left() == []


@pytest.mark.faults
async def test_the_outbox_is_asked_of_who_has_the_topic(town: Town) -> None:
    town.say(
        "INSERT INTO watcher.outbox (message, topic_shard, is_dead, created_at, record) "
        "VALUES ('m1', 2, false, now(), '{}')"
    )
    async with answering(town, (town.hold("topics:2"), Outbox())):
        question = AskOfOutbox(act=OutboxAct.DROP, messages=("m1", "gone"))
        said = await ask_workers(town.requests, question, limit_seconds=20)
    assert said.answer.done == ("drop m1",)


@pytest.mark.faults
async def test_a_shard_that_nobody_has_is_named(town: Town) -> None:
    async with answering(town, (town.hold("hosts:3"), Runner("dune"))):
        said = await ask_workers(town.requests, pause("dune", "tent"), limit_seconds=20, unheld_seconds=0.1)
    assert said.answer.done == ("dune",)
    assert said.trouble == "no worker has hosts:5; start one with `watcher worker`"
    with pytest.raises(UnansweredError, match="no worker has hosts:5"):
        await ask_workers(town.requests, pause("tent"), limit_seconds=20, unheld_seconds=0.1)
    assert town.left() == []


@pytest.mark.faults
async def test_a_worker_that_does_not_answer_is_named(town: Town) -> None:
    slow = Runner("dune")
    slow.answers.clear()
    async with answering(town, (town.hold("hosts:3"), slow)):
        with pytest.raises(UnansweredError, match="has hosts:3 did not answer within 3 s"):
            await ask_workers(town.requests, pause("dune"), limit_seconds=3)
    assert town.left() == []


@pytest.mark.faults
async def test_what_cannot_be_saved_is_told_in_its_own_words(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    refusing = Runner("dune")
    refusing.is_refusing = True
    async with answering(town, (town.hold("hosts:3"), refusing)):
        with pytest.raises(UnansweredError, match="a worker could not answer: the disk is full; ask again"):
            await ask_workers(town.requests, pause("dune"), limit_seconds=20)
    assert "a defect in watcher" not in caplog.text


async def test_a_worker_without_an_ear_for_questions_is_named(town: Town) -> None:
    town.hold("hosts:3")
    with pytest.raises(UnansweredError, match="has hosts:3 takes no questions"):
        await ask_workers(town.requests, pause("dune"), limit_seconds=20, taken_seconds=0.1)


async def test_who_has_lost_a_lease_takes_no_question_of_it(town: Town) -> None:
    await town.requests.ask({"hosts:3": "{}"})
    old = town.hold("hosts:3", epoch=1)
    new = town.hold("hosts:3", epoch=2)
    with pytest.raises(LeaseLostError):
        await town.requests.take("hosts:3", old.fence, known=())
    assert len(await town.requests.take("hosts:3", new.fence, known=())) == 1
    assert await town.requests.take("hosts:3", new.fence, known=()) == []


async def test_a_question_of_the_moment_that_is_old_is_answered_by_nobody(town: Town) -> None:
    await town.requests.ask({"hosts:3": "{}"})
    town.say("UPDATE watcher.request SET asked_at = asked_at - interval '11 s'")
    assert await town.requests.asked_of(["hosts:3"]) == []
    assert await town.requests.take("hosts:3", town.hold("hosts:3").fence, known=()) == []


# What lasts


async def test_what_is_to_be_accepted_waits_for_a_worker(town: Town) -> None:
    for _ in range(2):
        with pytest.raises(UnansweredError, match="no worker has"):
            await ask_workers(
                town.requests, AskToAccept(watch="dune", by="Firefox"), limit_seconds=20, unheld_seconds=0.1
            )
    town.say("UPDATE watcher.request SET asked_at = asked_at - interval '1 day'")
    await town.requests.forget()
    assert town.left() == [("hosts:3", None)]
    runner = Runner("dune")
    async with answering(town, (town.hold("hosts:3"), runner)):
        await _answered(town)
    assert runner.accepted == [("dune", "Firefox")]
    await town.requests.forget()
    assert town.left() == []


async def test_what_a_worker_took_and_did_not_carry_out_the_next_one_takes(town: Town) -> None:
    await town.requests.ask({"hosts:3": '{"type":"accept","watch":"dune"}'}, is_lasting=True)
    refusing, runner = Runner("dune"), Runner("dune")
    refusing.is_refusing = True
    async with answering(town, (town.hold("hosts:3"), refusing)):
        await _until_taken(town)
    async with answering(town, (town.hold("hosts:3", epoch=2), runner)):
        await _answered(town)
    assert runner.accepted == [("dune", "command")]


@pytest.mark.faults
async def test_a_lasting_question_follows_its_watch_to_another_shard(town: Town) -> None:
    await town.requests.ask({"hosts:3": '{"type":"accept","watch":"dune"}'}, is_lasting=True)
    town.declare("dune", 5)
    runner = Runner("dune", "tent")
    async with answering(town, (town.hold("hosts:3"), Runner()), (town.hold("hosts:5"), runner)):
        await _answered(town)
    assert runner.accepted == [("dune", "command")]


async def test_what_was_copied_here_before_its_watch_was_declared_waits_for_that(town: Town) -> None:
    town.say("INSERT INTO watcher.state (watch, shard, sequence, record) VALUES ('lamp', 0, 1, '')")
    await town.requests.ask({"hosts:0": '{"type":"accept","watch":"lamp"}'}, is_lasting=True)
    runner = Runner("lamp")
    held = ((town.hold("hosts:0"), Runner()), (town.hold("hosts:5"), runner))
    async with answering(town, *held, poll_seconds=0.05, retry_seconds=0.05):
        await _until_taken(town)
        assert await town.requests.lasting(), "a worker that came before `apply` has not answered it"
        town.declare("lamp", 5)
        await _answered(town)
    assert runner.accepted == [("lamp", "command")]


async def test_what_is_asked_of_a_watch_that_was_removed_is_done_with(town: Town) -> None:
    town.say("UPDATE watcher.declaration SET is_gone = true WHERE watch = 'dune'")
    town.say("INSERT INTO watcher.state (watch, shard, sequence, record) VALUES ('dune', 3, 1, '')")
    await town.requests.ask({"hosts:3": '{"type":"accept","watch":"dune"}'}, is_lasting=True)
    async with answering(town, (town.hold("hosts:3"), Runner())):
        await _answered(town)


async def _answered(town: Town) -> None:
    async with asyncio.timeout(20):
        while any(answer is None for _, answer in town.left()):  # noqa: ASYNC110 - a row tells nobody
            await asyncio.sleep(0.02)


async def _until_taken(town: Town) -> None:
    async with asyncio.timeout(20):
        while town.say("SELECT count(*) FROM watcher.request WHERE taken_at IS NULL") != [(0,)]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)


# Bounds


async def test_a_question_has_a_size(town: Town) -> None:
    with pytest.raises(StoreError, match="more than 4,000,000 bytes"):
        await town.requests.ask({"hosts:3": "x" * (rows.MOST_BYTES + 1)})


async def test_questions_that_wait_have_a_number(town: Town) -> None:
    town.say(
        "INSERT INTO watcher.request (lease, question, is_lasting, asked_at) "
        f"SELECT 'hosts:3', '{{}}', false, now() FROM generate_series(1, {rows.MOST_WAITING})"
    )
    with pytest.raises(StoreError, match="1,000 questions wait already for hosts:3"):
        await town.requests.ask({"hosts:3": "{}", "hosts:5": "{}"})
    town.say("UPDATE watcher.request SET asked_at = asked_at - interval '11 minutes'")
    await town.requests.forget()
    assert town.left() == []


async def test_an_answer_of_another_version_is_called_that(town: Town) -> None:
    numbers = await town.requests.ask({"hosts:3": "{}"})
    async with answering(town, (town.hold("hosts:3"), Runner("dune"))):
        await _answered(town)
    (row,) = await town.requests.rows(numbers.values(), ttl=TTL)
    assert row.answer is not None
    assert "another version" in row.answer


def test_an_outcome_goes_there_and_back() -> None:
    answer = Answer(outcomes=(Outcome(watch="dune", verdict=Verdict.BASELINE, failure=None, messages=()),))
    from watcher.watching.cluster_questions import read_answer, written_answer

    assert read_answer(written_answer(answer)) == answer
