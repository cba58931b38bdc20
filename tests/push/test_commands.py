from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.push.builders import NOON, a_reader
from watcher.core.callbacks import Source
from watcher.core.databases import DatabasePlace
from watcher.core.push import App, AppProfile
from watcher.errors import InvalidRequestError
from watcher.push.commands import MAX_COMMAND_CHARS, CommandResult
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


async def an_app(service: PushService, name: str, callback_url: str = "http://owner.example/") -> App:
    return (await service.apps.add(AppProfile(name=name, callback_url=callback_url)))[0]


def wide(number: str) -> str:
    """Return the digits as Chinese keyboards write them in their full-width mode."""
    return "".join(chr(ord(digit) + 0xFEE0) for digit in number)


async def told(service: PushService, app: App) -> list[dict[str, object]]:
    return [json.loads(one.body) for one in await service.callbacks.newest(app.id)]


async def test_a_command_reaches_the_application_in_the_documented_form(service: PushService) -> None:
    app = await an_app(service, "shop")
    reader = await a_reader(service, apps=(app.id,))
    reply = await service.commands.run(reader, f"#{app.id} open\nthe door ")
    assert (reply.result, reply.app) == (CommandResult.SENT, app)
    assert (await told(service, app))[0] == {
        "action": "send_up_cmd",
        "data": {
            "uid": reader.uid,
            "appId": app.id,
            "appName": "shop",
            "time": int(NOON.timestamp() * 1000),
            "content": "open\nthe door",
        },
    }


async def test_a_number_alone_follows(service: PushService) -> None:
    app, reader = await an_app(service, "shop"), await a_reader(service)
    reply = await service.commands.run(reader, f" #{app.id} ")
    assert reply.result is CommandResult.FOLLOWED
    _, apps = await service.subscriptions.following(reader)
    assert apps == [app]
    [event] = await told(service, app)
    data = event["data"]
    assert isinstance(data, dict)
    assert (event["action"], data["source"]) == ("app_subscribe", "command")


@pytest.mark.parametrize(
    ("text", "follows", "result"),
    [
        pytest.param("hello", ["shop"], CommandResult.SENT, id="bare text to the only one"),
        pytest.param("＃{shop} hello", ["shop"], CommandResult.SENT, id="the wide sign"),
        pytest.param("#{shop}hello", ["shop"], CommandResult.SENT, id="no space: text"),
        pytest.param("#{shop} hello", ["shop", "deaf"], CommandResult.SENT, id="one of several"),
        pytest.param("hello", [], CommandResult.NOWHERE, id="bare text to nobody"),
        pytest.param("hello", ["shop", "deaf"], CommandResult.SEVERAL, id="bare text to several"),
        pytest.param("hello", ["deaf"], CommandResult.DEAF, id="no callback URL"),
        pytest.param("#{shop} hello", [], CommandResult.STRANGER, id="not followed"),
        pytest.param("#999999 hello", ["shop"], CommandResult.UNKNOWN, id="no such number"),
        pytest.param("#999999", ["shop"], CommandResult.UNKNOWN, id="no such number to follow"),
        pytest.param("#1", [], CommandResult.UNKNOWN, id="the server's own"),
        pytest.param(" \x00\n", ["shop"], CommandResult.EMPTY, id="nothing"),
        pytest.param("x" * (MAX_COMMAND_CHARS + 1), ["shop"], CommandResult.LONG, id="too long"),
        pytest.param("#" + "9" * 400, ["shop"], CommandResult.UNKNOWN, id="a number that no row has"),
        pytest.param("#-1 hello", ["shop"], CommandResult.SENT, id="no number: text"),
        pytest.param("#{shop}\u3000hello", ["shop", "deaf"], CommandResult.SENT, id="the wide space"),
        pytest.param("#{shop}\u00a0hello", ["shop", "deaf"], CommandResult.SENT, id="the space that does not break"),
        pytest.param("＃{wide}　hello", ["shop", "deaf"], CommandResult.SENT, id="all of it wide"),
        pytest.param("#{shop}\x00 \x07hello", ["shop", "deaf"], CommandResult.SENT, id="control characters"),
        pytest.param("#{shop}\u3000", ["shop"], CommandResult.FOLLOWED, id="a number and a wide space follow"),
    ],
)
async def test_where_a_command_goes(
    service: PushService, text: str, follows: Sequence[str], result: CommandResult
) -> None:
    apps = {"shop": await an_app(service, "shop"), "deaf": await an_app(service, "deaf", "")}
    reader = await a_reader(service, apps=tuple(apps[name].id for name in follows))
    number = str(apps["shop"].id)
    reply = await service.commands.run(reader, text.replace("{shop}", number).replace("{wide}", wide(number)))
    assert reply.result is result
    commands = [event for event in await told(service, apps["shop"]) if event["action"] == "send_up_cmd"]
    assert len(commands) == (result is CommandResult.SENT)


async def test_half_a_surrogate_pair_is_no_text(service: PushService) -> None:
    with pytest.raises(InvalidRequestError):
        await service.commands.run(await a_reader(service), "\ud800")


@pytest.mark.on_sqlite("looks into the file")
async def test_so_many_commands_wait_for_an_owner_who_does_not_answer(tmp_path: Path, place: DatabasePlace) -> None:
    service = await open_push_service(place, now=lambda: NOON, max_callbacks=3)
    app, other = await an_app(service, "shop"), await an_app(service, "bank")
    reader = await a_reader(service, apps=(app.id,))
    neighbour = await a_reader(service, apps=(other.id,))
    replies = [(await service.commands.run(reader, f"hello {number}")).result for number in range(4)]
    assert replies == [CommandResult.SENT] * 2 + [CommandResult.FULL] * 2
    assert await service.subscriptions.follow_app(None, app.id, Source.LINK) is not None
    assert (await service.queues()).full == 1
    assert len(await told(service, app)) == 3
    assert (await service.commands.run(neighbour, "hello")).result is CommandResult.SENT
    with closing(sqlite3.connect(tmp_path / "push.db")) as database, database:
        database.execute("UPDATE callbacks SET state = 'delivered' WHERE id = 1")
    assert (await service.commands.run(reader, "hello again")).result is CommandResult.SENT
    await service.close()


@pytest.mark.faults
@pytest.mark.on_sqlite("looks into the file")
async def test_ten_thousand_commands_wait_and_no_more(service: PushService, tmp_path: Path) -> None:
    app = await an_app(service, "shop")
    reader = await a_reader(service, apps=(app.id,))
    with closing(sqlite3.connect(tmp_path / "push.db")) as database, database:
        database.executemany(
            "INSERT INTO callbacks (app_id, body, state, attempts, reason, created_at, due_at) "
            "SELECT app_id, body, state, attempts, reason, created_at, due_at FROM callbacks WHERE id = ?",
            [(1,)] * 9_999,
        )
    reply = await service.commands.run(reader, "hello")
    assert reply.result != CommandResult.SENT
    assert len(await service.callbacks.newest(app.id, limit=20_000)) == 10_000
