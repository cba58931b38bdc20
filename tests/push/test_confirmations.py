"""An address is used only after whoever reads it has said so."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.push.builders import NOON, a_draft, a_reader
from watcher.core.channels import ChannelName, Preferences
from watcher.core.push import Draft, Subscriber
from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.confirmations import LIFE, MOST_A_DAY, MOST_WRONG_CODES
from watcher.push.service import PushService, open_push_service

UID = "UID_" + "a" * 28


async def _token(service: PushService, reader: Subscriber, address: str = "Ann@Example.org") -> str:
    """Ask by mail; return the token in the letter, nothing when none is to be sent."""
    letter = await service.confirmations.ask_by_mail(
        reader, address, link=lambda token: f"https://push.example/confirm/{token}", lang="en"
    )
    found = re.search(r"/confirm/(\w{32})\s", letter.text) if letter else None
    return found[1] if found else ""


async def _code(service: PushService, reader: Subscriber, uid: str = UID) -> str:
    """Ask a UID; return the code that is to be sent, nothing when none is."""

    def draft(code: str) -> Draft:
        return a_draft(code)

    question = await service.confirmations.ask_upstream(reader, uid, draft=draft, link="https://push.example/reach")
    return question.notification.message.draft.content if question else ""


async def _addresses(service: PushService, reader: Subscriber) -> list[tuple[ChannelName, str]]:
    return [(address.channel, address.value) for address in await service.reach.addresses(reader)]


async def test_a_mail_address_is_used_once_the_link_in_the_mail_was_confirmed(service: PushService) -> None:
    reader = await a_reader(service)
    token = await _token(service, reader)
    assert await _addresses(service, reader) == []
    found = await service.confirmations.find(token)
    assert found is not None
    assert (found.subscriber_id, found.value) == (reader.id, "Ann@example.org")
    await service.confirmations.confirm(token)
    assert await _addresses(service, reader) == [(ChannelName.EMAIL, "Ann@example.org")]


async def test_a_link_confirms_once(service: PushService) -> None:
    reader = await a_reader(service)
    token = await _token(service, reader)
    address = await service.confirmations.confirm(token)
    await service.reach.remove_address(reader, address.id)
    assert await service.confirmations.find(token) is None
    with pytest.raises(RefusedError):
        await service.confirmations.confirm(token)
    assert await _addresses(service, reader) == []


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "\ud800", "é" * 32])
async def test_what_was_never_sent_confirms_nothing(service: PushService, token: str) -> None:
    assert await service.confirmations.find(token) is None
    with pytest.raises(RefusedError):
        await service.confirmations.confirm(token)


@pytest.mark.parametrize(("after", "is_good"), [(LIFE - timedelta(seconds=1), True), (LIFE, False)])
async def test_a_link_and_a_code_are_good_for_a_day(tmp_path: Path, after: timedelta, is_good: bool) -> None:
    now = NOON

    def clock() -> datetime:
        return now

    service = await open_push_service(tmp_path / "push.db", now=clock)
    reader = await a_reader(service)
    token, code = await _token(service, reader), await _code(service, reader)
    now += after
    assert (await service.confirmations.find(token) is not None) == is_good
    assert (await service.confirmations.confirm_code(reader, code) is not None) == is_good
    await service.close()


@pytest.mark.parametrize("address", ["", "ann", "a@b@example.org", "a@example.org, b@example.org", "a@[127.0.0.1]"])
async def test_what_is_no_mail_address_is_not_asked(service: PushService, address: str) -> None:
    with pytest.raises(InvalidRequestError):
        await _token(service, await a_reader(service), address)


async def test_a_mailbox_is_asked_three_times_a_day_whoever_gives_it_and_however_it_is_written(
    tmp_path: Path,
) -> None:
    now = NOON

    def clock() -> datetime:
        return now

    service = await open_push_service(tmp_path / "push.db", now=clock)
    spellings = ["ann@example.org", "ANN@example.org", "ann+news@example.org", "Ann+1@EXAMPLE.org"]
    tokens = [await _token(service, await a_reader(service), address) for address in spellings]
    assert [bool(token) for token in tokens] == [True] * MOST_A_DAY + [False]
    assert await _token(service, await a_reader(service), "anne@example.org")
    now += LIFE
    assert await _token(service, await a_reader(service), "ann@example.org")
    await service.close()


async def test_a_yes_to_a_strangers_question_takes_no_address_from_who_has_it(service: PushService) -> None:
    owner, stranger = await a_reader(service), await a_reader(service)
    for reader in (owner, stranger):
        await service.confirmations.confirm(await _token(service, reader))
        assert await service.confirmations.confirm_code(reader, await _code(service, reader)) is not None
    both = [(ChannelName.UPSTREAM, UID), (ChannelName.EMAIL, "Ann@example.org")]
    assert (await _addresses(service, owner), await _addresses(service, stranger)) == (both, both)


async def test_an_address_that_two_have_is_each_ones_once_whoever_leaves_and_comes_again(service: PushService) -> None:
    first, second = await a_reader(service), await a_reader(service)
    here = [(ChannelName.EMAIL, "Ann@example.org")]
    await service.confirmations.confirm(await _token(service, first))
    address = await service.confirmations.confirm(await _token(service, second))
    [theirs] = await service.reach.addresses(first)
    await service.reach.remove_address(first, theirs.id)
    assert (await service.confirmations.confirm(await _token(service, second))).id == address.id
    await service.confirmations.confirm(await _token(service, first, "ann@Example.org"))
    assert (await _addresses(service, first), await _addresses(service, second)) == (
        [(ChannelName.EMAIL, "ann@example.org")],
        here,
    )


async def test_a_confirmed_address_takes_its_channels_place(service: PushService) -> None:
    reader = await a_reader(service)
    await service.reach.add_address(reader, ChannelName.WEB_PUSH, fingerprint="f", value="v")
    await service.reach.prefer(reader, lambda _: Preferences(order=[ChannelName.EMAIL]))
    await service.confirmations.confirm(await _token(service, reader))
    assert [channel for channel, _ in await _addresses(service, reader)] == [ChannelName.EMAIL, ChannelName.WEB_PUSH]


async def test_a_uid_elsewhere_is_used_once_its_code_was_typed(service: PushService) -> None:
    reader = await a_reader(service)
    code = await _code(service, reader)
    assert re.fullmatch("[0-9]{6}", code)
    address = await service.confirmations.confirm_code(reader, code)
    assert address is not None
    assert await _addresses(service, reader) == [(ChannelName.UPSTREAM, UID)]
    assert await service.confirmations.confirm_code(reader, code) is None


async def test_a_code_is_good_only_for_the_subscriber_who_asked(service: PushService) -> None:
    reader, stranger = await a_reader(service), await a_reader(service)
    code = await _code(service, reader)
    assert await service.confirmations.confirm_code(stranger, code) is None
    assert await service.confirmations.confirm_code(reader, code) is not None


async def test_wrong_codes_end_the_right_one(service: PushService) -> None:
    reader = await a_reader(service)
    code = await _code(service, reader)
    for _ in range(MOST_WRONG_CODES):
        assert await service.confirmations.confirm_code(reader, "no code") is None
    assert await service.confirmations.confirm_code(reader, code) is None
    assert await service.confirmations.confirm_code(reader, await _code(service, reader)) is not None


async def test_one_wrong_code_less_leaves_it_good(service: PushService) -> None:
    reader = await a_reader(service)
    code = await _code(service, reader)
    for _ in range(MOST_WRONG_CODES - 1):
        assert await service.confirmations.confirm_code(reader, "no code") is None
    assert await service.confirmations.confirm_code(reader, code) is not None


async def test_a_uid_is_asked_three_times_a_day(service: PushService) -> None:
    codes = [await _code(service, await a_reader(service)) for _ in range(MOST_A_DAY + 1)]
    assert [bool(code) for code in codes] == [True] * MOST_A_DAY + [False]


async def test_what_is_no_uid_is_not_asked(service: PushService) -> None:
    with pytest.raises(InvalidRequestError):
        await _code(service, await a_reader(service), "UID_../x")


async def test_neither_link_nor_code_stands_in_the_database(service: PushService, tmp_path: Path) -> None:
    reader = await a_reader(service)
    token, code = await _token(service, reader), await _code(service, reader)
    with closing(sqlite3.connect(tmp_path / "push.db")) as database:
        hashes = [row[0] for row in database.execute("SELECT secret_hash FROM confirmations")]
    assert len(hashes) == 2
    assert not {token, code} & set(hashes)


async def test_a_code_is_good_only_where_wrong_ones_are_counted(service: PushService) -> None:
    reader = await a_reader(service)
    code = await _code(service, reader)
    as_a_link = f"{reader.uid} {code}"
    assert await service.confirmations.find(as_a_link) is None
    with pytest.raises(RefusedError):
        await service.confirmations.confirm(as_a_link)
    assert await _addresses(service, reader) == []
    assert await service.confirmations.confirm_code(reader, code) is not None
