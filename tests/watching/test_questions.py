"""Questions of commands to the watcher that runs: answered, given up, and cleaned away, whoever ends."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import message
from tests.outbox.recording import BOUND_SECONDS, Clock, RecordingPublisher
from tests.running import meanwhile
from tests.watching.room import working
from tests.watching.shop import Shop, watch_of
from tests.watching.test_operator import careful
from watcher.core.check import OutboxAct, Verdict
from watcher.core.live import LiveWatch
from watcher.core.watch import OnError
from watcher.errors import StoreError, UnansweredError
from watcher.outbox.control import OutboxControl
from watcher.outbox.dispatch import Dispatcher
from watcher.runtime.answering import answer
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools
from watcher.watching.question_files import KEPT_SECONDS, answer_questions, ask, asking
from watcher.watching.questions import Answer, AskForLive, AskOfOutbox, AskToCheck, Question

LIVE = {"dune": LiveWatch(name="Dune", url="https://shop.example", checked_at=None, good_at=None, next_check_at=None)}

ODD = {
    "ask-deep": b'{"type":"live","x":' + b"[" * 100_000,
    "ask-latin1": '{"type":"check","watches":["café"],"limit_seconds":1}'.encode("latin-1"),
    "ask-odd": b"what is this?",
}
"""Questions of nobody, by their files."""


async def asked(data: Path, question: Question, *, limit_seconds: float = BOUND_SECONDS) -> Answer:
    """Ask as a command does, which blocks."""

    def block() -> Answer:
        return ask(data, question, limit_seconds=limit_seconds, holder=lambda: "the watcher")

    return await asyncio.to_thread(block)


def left(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "requests").iterdir())


async def test_a_question_is_answered_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    heard: list[Question] = []

    async def said(question: Question) -> Answer:
        heard.append(question)
        return Answer(live=LIVE)

    question = AskToCheck(watches=("dune", "演" * 100), limit_seconds=60)
    async with meanwhile(answer_questions(tmp_path, said)):
        assert await asked(tmp_path, question) == Answer(live=LIVE)
    assert heard == [question]
    assert left(tmp_path) == []


async def test_many_ask_at_once_and_one_that_takes_long_keeps_nobody_waiting(tmp_path: Path) -> None:
    go_on = asyncio.Event()

    async def said(question: Question) -> Answer:
        if isinstance(question, AskToCheck):
            await go_on.wait()
        return Answer(live=LIVE if isinstance(question, AskForLive) else {})

    async with meanwhile(answer_questions(tmp_path, said)):
        slow = asyncio.create_task(asked(tmp_path, AskToCheck(watches=(), limit_seconds=60)))
        quick = await asyncio.gather(*(asked(tmp_path, AskForLive()) for _ in range(2)))
        assert not slow.done()
        go_on.set()
        assert await slow == Answer()
    assert quick == [Answer(live=LIVE)] * 2


async def test_a_defect_is_an_answer_and_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def said(question: Question) -> Answer:
        if question == AskForLive():
            return Answer()
        raise RuntimeError("what is this?")

    async with meanwhile(answer_questions(tmp_path, said)):
        with pytest.raises(UnansweredError, match="could not answer: RuntimeError"):
            await asked(tmp_path, AskToCheck(watches=(), limit_seconds=60))
        assert await asked(tmp_path, AskForLive()) == Answer()
    assert "a question was not answered" in caplog.text


async def test_an_answer_that_no_file_can_hold_ends_nothing(tmp_path: Path) -> None:
    odd = replace(LIVE["dune"], name="\ud800")

    async def said(question: Question) -> Answer:
        return Answer(live={"dune": odd}) if isinstance(question, AskToCheck) else Answer()

    async with meanwhile(answer_questions(tmp_path, said)):
        with pytest.raises(UnansweredError, match="could not answer: UnicodeEncodeError"):
            await asked(tmp_path, AskToCheck(watches=(), limit_seconds=60))
        assert await asked(tmp_path, AskForLive()) == Answer()


@pytest.mark.parametrize(
    "content",
    [
        b'{"outcomes":[{"watch":"w","verdict":"a newer one","failure":null,"messages":[]}]}',
        b'{"defect":"\xff"}',
    ],
    ids=["a word that is not known here", "no UTF-8"],
)
def test_an_answer_of_another_version_is_said_to_be_one_at_once(tmp_path: Path, content: bytes) -> None:
    with asking(tmp_path, AskForLive()) as question:
        [name] = left(tmp_path)
        (tmp_path / "requests" / name.replace("ask-", "answer-")).write_bytes(content)
        with pytest.raises(UnansweredError, match="is of another version"):
            question.answer()
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("holders", "taken_seconds", "limit_seconds", "why"),
    [
        pytest.param(["the watcher", None], 60, 60, "has ended before it answered", id="it ended"),
        pytest.param(["the watcher", "another"], 60, 60, "has ended before it answered", id="another one runs since"),
        pytest.param(["the watcher"], 0, 60, "it is still starting, or of another version", id="it takes none"),
        pytest.param(["the watcher"], 60, 0.1, "did not answer within 0.1 s", id="it is stuck"),
    ],
)
def test_who_gets_no_answer_is_told_why_in_time_and_leaves_nothing(
    tmp_path: Path, holders: list[str | None], taken_seconds: float, limit_seconds: float, why: str
) -> None:
    seen = iter(holders)
    with pytest.raises(UnansweredError, match=why):
        ask(
            tmp_path,
            AskForLive(),
            limit_seconds=limit_seconds,
            holder=lambda: next(seen, holders[-1]),
            taken_seconds=taken_seconds,
        )
    assert left(tmp_path) == []


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "requests").touch()
    with pytest.raises(StoreError, match="cannot write in"), asking(tmp_path, AskForLive()):
        pass


async def test_what_killed_commands_left_is_removed_and_not_carried_out(tmp_path: Path) -> None:
    requests, heard = tmp_path / "requests", asyncio.Event()
    requests.mkdir()
    old = time.time() - 2 * KEPT_SECONDS
    for name in ("ask-1", "answer-1", ".answer-2", ".ask-2"):
        (requests / name).write_bytes(b'{"type":"check","watches":["dune"],"limit_seconds":1}')
        os.utime(requests / name, (old, old))
    (requests / "accept-1").write_text("dune")
    for name, odd in ODD.items():
        (requests / name).write_bytes(odd)

    async def said(question: Question) -> Answer:
        assert isinstance(question, AskForLive)
        heard.set()
        return Answer()

    async with meanwhile(answer_questions(tmp_path, said)):
        assert await asked(tmp_path, AskForLive()) == Answer()
    assert left(tmp_path) == ["accept-1", *ODD]


# What the runner does


async def test_watches_are_checked_now_and_planned_anew(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    for name in ("dune", "off"):
        shop.price(f"/{name}", "1")
    off = replace(watch_of(shop, "off"), is_enabled=False)
    async with working(store, tools, watch_of(shop, "dune", every=600), off) as room:
        await room.turn(0, checks=1)
        await room.turn(60, checks=0)
        shop.price("/dune", "2")
        live = room.runner.live()
        decisions = await room.runner.check_now(["dune", "off", "unheard of"], limit_seconds=BOUND_SECONDS)
        assert [(one.watch, one.verdict) for one in decisions] == [("dune", Verdict.CHANGED), ("off", Verdict.BASELINE)]
        assert set(live) == {"dune", "off"}
        assert live["dune"].checked_at == room.clock.now()
        assert live["dune"].next_check_at == room.clock.now() + timedelta(seconds=600)
        assert live["off"].next_check_at is None
    assert shop.asked == ["/dune", "/dune", "/off"]


async def test_checks_that_are_asked_for_in_a_row_believe_confirm_and_tell_nothing(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    odd = careful(shop, accept_after=3, on_error=OnError(after=3))
    shop.price("/dune", "12")
    shop.price("/emma", "12")
    async with working(store, tools, odd, watch_of(shop, "emma", every=600, confirm=2)) as room:
        await room.turn(0, checks=2)
        shop.price("/dune", "99")
        shop.price("/emma", "9")
        asked = ["dune", "emma"]
        for _ in range(4):
            await room.turn(5, checks=0)
            decisions = await room.runner.check_now(asked, limit_seconds=BOUND_SECONDS)
            assert [one.messages for one in decisions] == [(), ()]
        assert room.runner.states.of("dune").failures == 1
        await room.turn(120, checks=0)
        await room.ledger.until(2 + 4 * 2 + 1)
    assert [(one.watch, len(one.messages)) for one in room.ledger.decisions[-1:]] == [("emma", 1)]


async def test_a_check_that_takes_too_long_goes_on_without_an_answer(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "1")
    shop.held.add("/dune")
    async with working(store, tools, watch_of(shop, "dune")) as room:
        await shop.until_asked(1)
        assert room.runner.live()["dune"].is_under_way
        assert await room.runner.check_now(["dune"], limit_seconds=0) == []
        await shop.release()
        await room.turn(0, checks=1)
    assert shop.asked == ["/dune"]


async def test_the_watcher_does_what_is_asked_of_its_outbox(
    tools: CheckTools, store: DiskWatchStore, tmp_path: Path
) -> None:
    await store.outbox.add([message(1), message(2)])
    async with (
        working(store, tools) as room,
        meanwhile(answer_questions(tmp_path, partial(answer, room.runner, _outbox(store)))),
    ):
        said = await asked(tmp_path, AskOfOutbox(act=OutboxAct.DROP, messages=(message(1).id, "0" * 32)))
    assert said.done == (message(1).id,)
    assert [entry.message for entry in await store.outbox.waiting()] == [message(2)]


def _outbox(store: DiskWatchStore) -> OutboxControl:
    now = Clock().now
    return OutboxControl(
        store.outbox, Dispatcher(store.outbox, RecordingPublisher(), now=now, chance=lambda: 0.0), now=now
    )


async def test_checks_go_on_while_the_answer_about_many_watches_is_made(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    off = [replace(watch_of(shop, f"w{number}"), is_enabled=False) for number in range(2_500)]
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with working(store, tools, *off) as room, meanwhile(count_turns()):
        before = turns
        answered = await answer(
            room.runner,
            _outbox(store),
            AskForLive(),
        )
        assert turns > before + 1
    assert list(answered.live) == [watch.id for watch in off]
