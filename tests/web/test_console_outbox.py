"""The outbox in the console: what waits and why, tried again and dropped by the watcher that owns it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.web.console_desk import an_owner, send_form, session_of
from tests.web.login import as_operator, serving
from tests.web.site import NOW, Site
from watcher.core.check import OutboxAct, OutboxMessage
from watcher.core.settings import Settings
from watcher.errors import UnansweredError
from watcher.push.service import PushService
from watcher.store.watch_store import open_watch_store

_PATH = "/console/outbox"
_SCRIPT = "<script>window.pwned=1</script>"


class Asked:
    """A watcher elsewhere that notes what it is asked for."""

    def __init__(self) -> None:
        self.said: list[tuple[OutboxAct, list[str]]] = []
        self.is_there = True

    def __call__(self, act: OutboxAct, messages: Sequence[str]) -> Sequence[str]:
        if not self.is_there:
            raise UnansweredError("it ended")
        self.said.append((act, [*messages]))
        return messages


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
async def desk(push: PushService, settings: Settings, asked: Asked) -> AsyncIterator[Site]:
    """A server whose watcher answers."""
    async with serving(push, settings, outbox=asked) as site:
        yield site


@pytest.fixture
def operator(push: PushService, tmp_path: Path) -> dict[str, str]:  # noqa: ARG001 whose database it is
    """The headers of the operator's browser."""
    return as_operator(session_of(tmp_path / "push.sqlite3")) | {"Accept-Language": "en"}


def _message(number: int, summary: str) -> OutboxMessage:
    return OutboxMessage(
        id=f"{number:032x}", watch="dune", topic="deals", summary=summary, content="", url=None, created_at=NOW
    )


@pytest.fixture
async def _kept(settings: Settings) -> None:
    """One that waits after two attempts, one that is held, one that was given up."""
    store, _ = await open_watch_store(settings.watches)
    held = replace(_message(2, "held back"), hold_until=NOW.replace(hour=20))
    await store.outbox.add([_message(1, "waits"), held, _message(3, f"dead {_SCRIPT}")])
    [waits, _, dead] = await store.outbox.waiting()
    await store.outbox.settle(
        [], [replace(waits, attempts=2, tried_at=NOW), replace(dead, dead=f"HTTP 401 {_SCRIPT}")], []
    )
    await store.close()


def _orders(html: str) -> dict[str, str]:
    """Return the number of each entry by its summary."""
    return dict(re.findall(r"<strong><bdi>(\w+).*?/console/outbox/(\d+)/drop", html, re.DOTALL))


@pytest.mark.usefixtures("_kept")
async def test_it_shows_what_waits_what_is_held_and_what_was_given_up(desk: Site, operator: dict[str, str]) -> None:
    html = await (await desk.get(_PATH, headers=operator)).text()
    for words in (
        "failed 2 times",
        "waiting for others of its topic until",
        "HTTP 401 &lt;script&gt;",
        "Nothing failed",
    ):
        assert words in html
    assert _SCRIPT not in html
    assert html.index("Given up") < html.index("held back")
    assert "发件箱" in await (await desk.get(_PATH, headers=operator | {"Accept-Language": "zh"})).text()


async def test_an_empty_outbox_says_so(desk: Site, operator: dict[str, str]) -> None:
    html = await (await desk.get(_PATH, headers=operator)).text()
    assert "All messages of watches are delivered" in html
    assert "Nothing is waiting for a channel" in html


@pytest.mark.usefixtures("_kept")
async def test_what_was_given_up_is_tried_again_and_what_waits_is_dropped_after_a_question(
    desk: Site, operator: dict[str, str], asked: Asked
) -> None:
    orders = _orders(await (await desk.get(_PATH, headers=operator)).text())
    answer = await send_form(desk, f"{_PATH}/{orders['dead']}/try", operator)
    assert answer.headers["Location"] == f"{_PATH}?said=outbox_tried"
    question = await (await desk.get(f"{_PATH}/{orders['waits']}/drop", headers=operator)).text()
    assert "the subscribers of deals never get it" in question
    answer = await send_form(desk, f"{_PATH}/{orders['waits']}/drop", operator)
    assert answer.headers["Location"] == f"{_PATH}?said=outbox_dropped"
    assert asked.said == [(OutboxAct.TRY, [f"{3:032x}"]), (OutboxAct.DROP, [f"{1:032x}"])]
    assert [entry.act for entry in await desk.push.acts.latest()][:2] == ["outbox_dropped", "outbox_tried"]


@pytest.mark.usefixtures("_kept")
async def test_without_a_watcher_that_runs_nothing_is_done_and_it_says_what_to_do(
    desk: Site, operator: dict[str, str], asked: Asked
) -> None:
    asked.is_there = False
    orders = _orders(await (await desk.get(_PATH, headers=operator)).text())
    answer = await send_form(desk, f"{_PATH}/{orders['dead']}/try", operator)
    assert answer.headers["Location"] == f"{_PATH}?said=outbox_unanswered"
    html = await (await desk.get(answer.headers["Location"], headers=operator)).text()
    assert "Start `watcher run`" in html or "Start <code>watcher run</code>" in html


async def test_what_left_the_outbox_meanwhile_is_said_to_be_gone(
    desk: Site, operator: dict[str, str], asked: Asked
) -> None:
    for path in (f"{_PATH}/7/try", f"{_PATH}/7/drop"):
        assert (await send_form(desk, path, operator)).headers["Location"] == f"{_PATH}?said=outbox_gone"
    assert (await send_form(desk, f"{_PATH}/x/try", operator)).status == 404
    assert asked.said == []


@pytest.mark.usefixtures("_kept")
async def test_the_outbox_is_the_operators_alone(desk: Site, tmp_path: Path, asked: Asked) -> None:
    owner = as_operator(session_of(tmp_path / "push.sqlite3", an_owner(tmp_path / "push.sqlite3")))
    assert (await desk.get(_PATH, headers=owner)).status == 403
    assert (await desk.get(f"{_PATH}/1/drop", headers=owner)).status == 403
    for path in (f"{_PATH}/1/try", f"{_PATH}/1/drop"):
        assert (await send_form(desk, path, owner)).status == 403
    assert asked.said == []
    assert "Outbox" not in await (await desk.get("/console/messages", headers=owner)).text()


async def test_a_watch_store_that_cannot_be_read_is_said_and_no_failure(
    desk: Site, operator: dict[str, str], settings: Settings
) -> None:
    settings.watches.mkdir()
    (settings.watches / "cache.db").write_bytes(b"no database" * 1_000)
    answer = await desk.get(_PATH, headers=operator)
    assert answer.status == 200
    assert "cannot be read" in await answer.text()
    assert (await send_form(desk, f"{_PATH}/1/try", operator)).status == 503
