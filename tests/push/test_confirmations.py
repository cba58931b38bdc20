"""An address is used only after whoever reads it has said so."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.push.builders import NOON, a_reader
from watcher.core.caps import Made
from watcher.core.channels import AddressDraft, ChannelName, Preferences
from watcher.core.databases import DatabasePlace
from watcher.core.push import Subscriber
from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.channels.asking import Question
from watcher.push.channels.email.address import mailbox_of, valid_mail_address
from watcher.push.confirmations import LIFE, MOST_WRONG_CODES
from watcher.push.opening import open_push_service
from watcher.push.service import PushService

UID = "UID_" + "a" * 28


async def _question(service: PushService, reader: Subscriber, address: str) -> Question | None:
    return await service.confirmations.ask(
        ChannelName.EMAIL, reader, address, page=lambda token: f"https://push.example/confirm/{token}", lang="en"
    )


async def _token(service: PushService, reader: Subscriber, address: str = "Ann@Example.org") -> str:
    """Ask by mail; return the token in the letter, nothing when none is to be sent."""
    question = await _question(service, reader, address)
    return question.page.removeprefix("https://push.example/confirm/") if question else ""


async def _code(service: PushService, reader: Subscriber, uid: str = UID) -> str:
    """Ask a UID; return the code that is to be sent, nothing when none is."""
    question = await service.confirmations.ask(ChannelName.UPSTREAM, reader, uid, page=str, lang="en")
    return question.secret if question else ""


async def _addresses(service: PushService, reader: Subscriber) -> list[tuple[ChannelName, str]]:
    return [(address.channel, address.value) for address in await service.addresses.of(reader)]


async def test_a_mail_address_is_used_once_the_link_in_the_mail_was_confirmed(service: PushService) -> None:
    reader = await a_reader(service)
    token = await _token(service, reader)
    assert await _addresses(service, reader) == []
    found = await service.confirmations.find(ChannelName.EMAIL, token)
    assert found is not None
    assert (found.subscriber_id, found.value) == (reader.id, "Ann@example.org")
    await service.confirmations.confirm(ChannelName.EMAIL, token)
    assert await _addresses(service, reader) == [(ChannelName.EMAIL, "Ann@example.org")]


async def test_a_link_confirms_once(service: PushService) -> None:
    reader = await a_reader(service)
    token = await _token(service, reader)
    address = await service.confirmations.confirm(ChannelName.EMAIL, token)
    await service.addresses.remove(reader, address.id)
    assert await service.confirmations.find(ChannelName.EMAIL, token) is None
    with pytest.raises(RefusedError):
        await service.confirmations.confirm(ChannelName.EMAIL, token)
    assert await _addresses(service, reader) == []


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "\ud800", "é" * 32])
async def test_what_was_never_sent_confirms_nothing(service: PushService, token: str) -> None:
    assert await service.confirmations.find(ChannelName.EMAIL, token) is None
    with pytest.raises(RefusedError):
        await service.confirmations.confirm(ChannelName.EMAIL, token)


@pytest.mark.parametrize(("after", "is_good"), [(LIFE - timedelta(seconds=1), True), (LIFE, False)])
async def test_a_link_and_a_code_are_good_for_a_day(place: DatabasePlace, after: timedelta, is_good: bool) -> None:
    now = NOON

    def clock() -> datetime:
        return now

    service = await open_push_service(place, now=clock)
    reader = await a_reader(service)
    token, code = await _token(service, reader), await _code(service, reader)
    now += after
    assert (await service.confirmations.find(ChannelName.EMAIL, token) is not None) == is_good
    assert (await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, code) is not None) == is_good
    await service.close()


@pytest.mark.parametrize("address", ["", "ann", "a@b@example.org", "a@example.org, b@example.org", "a@[127.0.0.1]"])
async def test_what_is_no_mail_address_is_not_asked(service: PushService, address: str) -> None:
    with pytest.raises(InvalidRequestError):
        await _token(service, await a_reader(service), address)


async def test_a_mailbox_is_asked_three_times_a_day_whoever_gives_it_and_however_it_is_written(
    place: DatabasePlace,
) -> None:
    now = NOON

    def clock() -> datetime:
        return now

    service = await open_push_service(place, now=clock)
    spellings = ["ann@example.org", "ANN@example.org", "ann+news@example.org", "Ann+1@EXAMPLE.org"]
    tokens = [await _token(service, await a_reader(service), address) for address in spellings]
    assert [bool(token) for token in tokens] == [True, True, True, False]
    assert await _token(service, await a_reader(service), "anne@example.org")
    now += LIFE
    assert await _token(service, await a_reader(service), "ann@example.org")
    await service.close()


async def test_a_yes_to_a_strangers_question_takes_no_address_from_who_has_it(service: PushService) -> None:
    owner, stranger = await a_reader(service), await a_reader(service)
    for reader in (owner, stranger):
        await service.confirmations.confirm(ChannelName.EMAIL, await _token(service, reader))
        assert (
            await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, await _code(service, reader))
            is not None
        )
    both = [(ChannelName.UPSTREAM, UID), (ChannelName.EMAIL, "Ann@example.org")]
    assert (await _addresses(service, owner), await _addresses(service, stranger)) == (both, both)


async def test_an_address_that_two_have_is_each_ones_once_whoever_leaves_and_comes_again(service: PushService) -> None:
    first, second = await a_reader(service), await a_reader(service)
    here = [(ChannelName.EMAIL, "Ann@example.org")]
    await service.confirmations.confirm(ChannelName.EMAIL, await _token(service, first))
    address = await service.confirmations.confirm(ChannelName.EMAIL, await _token(service, second))
    [theirs] = await service.addresses.of(first)
    await service.addresses.remove(first, theirs.id)
    assert (await service.confirmations.confirm(ChannelName.EMAIL, await _token(service, second))).id == address.id
    await service.confirmations.confirm(ChannelName.EMAIL, await _token(service, first, "ann@Example.org"))
    assert (await _addresses(service, first), await _addresses(service, second)) == (
        [(ChannelName.EMAIL, "ann@example.org")],
        here,
    )


async def test_a_confirmed_address_takes_its_channels_place(service: PushService) -> None:
    reader = await a_reader(service)
    await service.addresses.add(reader, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint="f", value="v"))
    await service.preferences.change(reader, lambda _: Preferences(order=[ChannelName.EMAIL]))
    await service.confirmations.confirm(ChannelName.EMAIL, await _token(service, reader))
    assert [channel for channel, _ in await _addresses(service, reader)] == [ChannelName.EMAIL, ChannelName.WEB_PUSH]


async def test_a_uid_elsewhere_is_used_once_its_code_was_typed(service: PushService) -> None:
    reader = await a_reader(service)
    code = await _code(service, reader)
    assert re.fullmatch("[0-9]{6}", code)
    address = await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, code)
    assert address is not None
    assert await _addresses(service, reader) == [(ChannelName.UPSTREAM, UID)]
    assert await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, code) is None


async def test_a_code_is_good_only_for_the_subscriber_who_asked(service: PushService) -> None:
    reader, stranger = await a_reader(service), await a_reader(service)
    code = await _code(service, reader)
    assert await service.confirmations.confirm_code(ChannelName.UPSTREAM, stranger, code) is None
    assert await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, code) is not None


async def test_wrong_codes_end_the_right_one(service: PushService) -> None:
    reader = await a_reader(service)
    code = await _code(service, reader)
    for _ in range(MOST_WRONG_CODES):
        assert await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, "no code") is None
    assert await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, code) is None
    assert (
        await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, await _code(service, reader)) is not None
    )


async def test_one_wrong_code_less_leaves_it_good(service: PushService) -> None:
    reader = await a_reader(service)
    code = await _code(service, reader)
    for _ in range(MOST_WRONG_CODES - 1):
        assert await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, "no code") is None
    assert await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, code) is not None


async def test_a_uid_is_asked_six_times_a_day(service: PushService) -> None:
    codes = [await _code(service, await a_reader(service)) for _ in range(7)]
    assert [bool(code) for code in codes] == [True] * 6 + [False]


async def test_what_is_no_uid_is_not_asked(service: PushService) -> None:
    with pytest.raises(InvalidRequestError):
        await _code(service, await a_reader(service), "UID_../x")


@pytest.mark.on_sqlite("looks into the file")
async def test_neither_link_nor_code_is_in_the_database(service: PushService, tmp_path: Path) -> None:
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
    assert await service.confirmations.find(ChannelName.EMAIL, as_a_link) is None
    with pytest.raises(RefusedError):
        await service.confirmations.confirm(ChannelName.EMAIL, as_a_link)
    assert await _addresses(service, reader) == []
    assert await service.confirmations.confirm_code(ChannelName.UPSTREAM, reader, code) is not None


async def test_one_subscriber_asks_a_mailbox_twice_a_day(service: PushService) -> None:
    reader = await a_reader(service)
    assert [bool(await _token(service, reader)) for _ in range(3)] == [True, True, False]
    assert await _token(service, await a_reader(service))


@pytest.mark.on_sqlite("looks into the file")
async def test_what_waits_without_a_mail_is_noted_once(service: PushService, tmp_path: Path) -> None:
    reader = await a_reader(service)
    for _ in range(5):
        await _token(service, reader)
    with closing(sqlite3.connect(tmp_path / "push.db")) as database:
        assert database.execute("SELECT is_sent FROM confirmations").fetchall() == [(1,), (1,), (0,)]


async def test_any_link_of_a_mailbox_confirms_what_the_device_that_opens_it_asked(service: PushService) -> None:
    strangers = [await a_reader(service) for _ in range(3)]
    links = [await _token(service, stranger) for stranger in strangers]
    owner, other = await a_reader(service), await a_reader(service)
    assert not await _token(service, owner, "ann+mine@example.org")
    assert not await _token(service, other, "ANN@example.org")
    address = await service.confirmations.confirm(ChannelName.EMAIL, links[0], owner)
    assert (address.subscriber_id, address.value) == (owner.id, "ann+mine@example.org")
    with pytest.raises(RefusedError):
        await service.confirmations.confirm(ChannelName.EMAIL, links[0], other)
    assert (await service.confirmations.confirm(ChannelName.EMAIL, links[1], other)).subscriber_id == other.id
    assert (await service.confirmations.confirm(ChannelName.EMAIL, links[2])).subscriber_id == strangers[2].id


async def test_a_link_of_another_mailbox_confirms_nothing_of_this_one(service: PushService) -> None:
    reader, stranger = await a_reader(service), await a_reader(service)
    await _token(service, reader, "ann@example.org")
    link = await _token(service, stranger, "eve@example.org")
    address = await service.confirmations.confirm(ChannelName.EMAIL, link, reader)
    assert (address.subscriber_id, address.value) == (stranger.id, "eve@example.org")


async def test_what_was_withdrawn_counts_for_nobody_and_confirms_nothing(service: PushService) -> None:
    reader = await a_reader(service)
    for _ in range(5):
        question = await _question(service, reader, "ann@example.org")
        assert question is not None
        await service.confirmations.withdraw(question)
    assert {each.what: each.count for each in await service.strangers.made_today()}[Made.QUESTIONS] == 0
    assert await _token(service, reader)


async def test_a_mailbox_is_listed_once_under_its_last_spelling(service: PushService) -> None:
    reader, other = await a_reader(service), await a_reader(service)
    for spelling in ("a+1@example.org", "a+2@example.org", "A@example.org"):
        await service.confirmations.confirm(ChannelName.EMAIL, await _token(service, reader, spelling))
    await service.confirmations.confirm(ChannelName.EMAIL, await _token(service, reader, "b@example.org"))
    await service.confirmations.confirm(ChannelName.EMAIL, await _token(service, other, "a+1@example.org"))
    assert [value for _, value in await _addresses(service, reader)] == ["A@example.org", "b@example.org"]
    assert [value for _, value in await _addresses(service, other)] == ["a+1@example.org"]


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ann@Example.org", "ann@example.org"),
        ("ann+news@example.org", "ann@example.org"),
        ("ann+a+b@example.org", "ann@example.org"),
        ("a.n.n+x@gmail.com", "ann@gmail.com"),
        ("A.nn@googlemail.com", "ann@gmail.com"),
        ("a.nn@example.org", "a.nn@example.org"),
        ("+491701234567@sms.example", "+491701234567@sms.example"),
        ("ann@XN--MNCHEN-3YA.example", "ann@xn--mnchen-3ya.example"),
    ],
)
def test_a_mailbox_is_known_however_it_is_written(address: str, mailbox: str) -> None:
    assert mailbox_of(valid_mail_address(address)) == mailbox


@pytest.mark.parametrize(
    "address", ["ann@example.org.", "ann@münchen.example", "ann@ＥＸＡＭＰＬＥ.org", "ann@example。org"]
)
def test_other_spellings_of_a_domain_are_none(address: str) -> None:
    with pytest.raises(InvalidRequestError):
        valid_mail_address(address)
