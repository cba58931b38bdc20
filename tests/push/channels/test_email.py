"""Notifications by mail: to real SMTP servers on loopback, and the mails as any mail program reads them."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.push.builders import NOON
from tests.push.channels.notices import a_notification, an_address
from tests.push.emulators.mail import PASSWORD, USER, a_mail_server, client_tls
from watcher.core.channels import (
    Address,
    ChannelName,
    Gone,
    Notification,
    Pause,
    Refused,
    Retry,
    SendResult,
    Sent,
    Strikes,
)
from watcher.core.push import ContentType, Draft
from watcher.core.words import clean, one_line
from watcher.errors import ConfigError, InvalidRequestError
from watcher.push.channels.asking import Question
from watcher.push.channels.email.address import valid_mail_address
from watcher.push.channels.email.answers import Step, understand
from watcher.push.channels.email.channel import EmailChannel
from watcher.push.channels.email.letter import Letter, letter_asking, letter_of, written
from watcher.push.channels.email.settings import MailSettings, Security, Sender, mail_settings

SUBSCRIPTIONS = "https://push.example/me/subscriptions"
FROM = "Watcher <watcher@example.org>"
SENDER = Sender(address="watcher@example.org", name="监控")


def ann(value: str = "ann@example.net") -> Address:
    return an_address(value, ChannelName.EMAIL)


def told(draft: Draft, *, collapse_key: str | None = None, lang: str = "en") -> Notification:
    notification = a_notification(collapse_key=collapse_key)
    return replace(notification, message=replace(notification.message, draft=draft), lang=lang)


def channel_to(settings: MailSettings, *, send_seconds: float = 10) -> EmailChannel:
    return EmailChannel(settings, SUBSCRIPTIONS, tls=client_tls(), send_seconds=send_seconds)


def read(letter: Letter, sender: Sender = SENDER) -> EmailMessage:
    """Return the mail as a mail program reads it."""
    return parsed(written(letter, sender))


def parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert mail.defects == []
    return mail


def mail_of(notification: Notification) -> EmailMessage:
    return read(letter_of(notification, "ann@example.net", subscriptions=SUBSCRIPTIONS))


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    text: str = body.get_content()
    return text


# Sending


@pytest.mark.parametrize("security", Security)
@pytest.mark.parametrize("with_login", [False, True], ids=["without login", "with login"])
async def test_a_mail_arrives(security: Security, with_login: bool) -> None:
    async with a_mail_server(security, with_login=with_login) as server:
        channel = channel_to(server.settings())
        assert await channel.send(a_notification("降价 Dune"), ann()) == Sent()
    (mail,) = server.mails
    assert (mail.sender, mail.recipients) == ("watcher@example.org", ["ann@example.net"])
    assert mail.parsed["Subject"] == "降价 Dune"
    assert mail.is_private == (security is not Security.PLAIN)


async def test_a_server_is_not_told_the_name_of_this_machine() -> None:
    async with a_mail_server() as server:
        await channel_to(server.settings()).send(a_notification(), ann())
    assert server.mails[0].said == "example.org"
    assert socket.gethostname().encode() not in server.mails[0].raw


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_a_certificate_that_nobody_vouches_for_is_not_believed(security: Security) -> None:
    async with a_mail_server(security, with_login=True) as server:
        answer = await EmailChannel(server.settings(), SUBSCRIPTIONS).send(a_notification(), ann())
    assert answer == Retry(reason="127.0.0.1: its certificate cannot be verified", pause=Pause.LANE)
    assert server.mails == []


async def test_a_certificate_of_another_host_is_not_believed() -> None:
    async with a_mail_server(Security.TLS) as server:
        answer = await channel_to(server.settings(host="localhost")).send(a_notification(), ann())
    assert answer == Retry(reason="localhost: its certificate cannot be verified", pause=Pause.LANE)


async def test_without_starttls_nothing_is_sent() -> None:
    async with a_mail_server(Security.STARTTLS, with_login=True, offers_tls=False) as server:
        answer = await channel_to(server.settings()).send(a_notification(), ann())
    assert isinstance(answer, Refused)
    assert answer.is_alarm
    assert server.mails == []


async def test_a_wrong_password_is_the_operators_to_mend() -> None:
    async with a_mail_server(Security.TLS, with_login=True) as server:
        answer = await channel_to(server.settings(password="guess-me")).send(a_notification(), ann())
    assert isinstance(answer, Refused)
    assert answer.is_alarm
    assert "535" in answer.reason
    assert "guess-me" not in answer.reason


@pytest.mark.parametrize(
    ("command", "reply", "kind"),
    [
        ("RCPT", "550 5.1.1 <ann@example.net>: no such user", Gone),
        ("RCPT", "452 4.2.2 full", Retry),
        ("DATA", "554 5.7.1 spam", Refused),
        ("MAIL", "553 5.1.8 who are you", Refused),
        ("RCPT", "421 going down", Retry),
    ],
)
async def test_what_the_server_answers_is_what_becomes_of_it(command: str, reply: str, kind: type[SendResult]) -> None:
    async with a_mail_server() as server:
        server.answers[command] = reply
        answer = await channel_to(server.settings()).send(a_notification(), ann())
        async with asyncio.timeout(30):
            await server.hung_up.wait()
    assert isinstance(answer, kind)
    assert not isinstance(answer, Sent)
    assert "ann@" not in answer.reason


async def test_a_server_that_is_not_there_rests() -> None:
    async with a_mail_server() as server:
        settings = server.settings()
    answer = await channel_to(settings).send(a_notification(), ann())
    assert isinstance(answer, Retry)
    assert answer.pause is Pause.LANE


async def test_a_slow_server_has_its_bound() -> None:
    async with a_mail_server() as server:
        server.gate.clear()
        answer = await channel_to(server.settings(), send_seconds=0.2).send(a_notification(), ann())
    assert answer == Retry(reason="127.0.0.1: no answer within 0.2 s", pause=Pause.LANE)


@pytest.mark.parametrize("security", Security)
async def test_a_server_that_says_nothing_has_its_bound(security: Security) -> None:
    ended = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        ended.set()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    settings = MailSettings(host="127.0.0.1", port=server.sockets[0].getsockname()[1], security=security, sender=SENDER)
    answer = await channel_to(settings, send_seconds=0.2).send(a_notification(), ann())
    assert answer == Retry(reason="127.0.0.1: no answer within 0.2 s", pause=Pause.LANE)
    async with asyncio.timeout(30):
        await ended.wait()
    server.close()


async def test_a_content_that_grows_beyond_measure_is_refused() -> None:
    content = "".join(f"<b id={number}>" for number in range(600))
    async with a_mail_server() as server:
        channel = channel_to(server.settings())
        answer = await channel.send(told(Draft(summary="s", content=content, content_type=ContentType.HTML)), ann())
    assert answer == Refused(reason="the content cannot be shown as HTML")


async def test_a_mail_that_was_taken_is_sent_though_the_goodbye_is_never_said() -> None:
    async with a_mail_server() as server:
        server.answers["QUIT"] = "never"
        assert await channel_to(server.settings(), send_seconds=2).send(a_notification(), ann()) == Sent()
    assert len(server.mails) == 1


async def test_mails_under_way_at_once_do_not_meet() -> None:
    async with a_mail_server() as server:
        channel = channel_to(server.settings())
        assert channel.at_once == 2
        answers = await asyncio.gather(
            *(channel.send(a_notification(item_id=n), ann()) for n in range(channel.at_once))
        )
    assert answers == [Sent(), Sent()]


async def test_a_stored_address_that_is_none_goes_nowhere() -> None:
    async with a_mail_server() as server:
        channel = channel_to(server.settings())
        answer = await channel.send(a_notification(), ann("ann@example.net\r\nRCPT TO:<eve@example.net>"))
        assert isinstance(answer, Refused)
        assert not answer.is_alarm
    assert server.connections == 0


async def test_all_addresses_share_the_servers_patience() -> None:
    channel = channel_to(mail_settings("smtp://mail.example.org", FROM))
    assert channel.lane(ann()) == channel.lane(ann("bob@example.com")) == "mail.example.org"


def a_question(page: str = "https://push.example/c/x", *, lang: str = "en") -> Question:
    return Question(
        address="ann@example.net",
        uid="UID_x",
        secret="x",
        secret_hash="x",
        page=page,
        lang=lang,
        asked_at=NOON,
        expires_at=NOON + timedelta(days=1),
    )


async def test_a_confirmation_is_handed_in_like_any_mail() -> None:
    async with a_mail_server() as server:
        assert await channel_to(server.settings()).ask(a_question(lang="zh")) == Sent()
    assert server.mails[0].parsed["Subject"] == "请确认您的邮箱地址"


@asynccontextmanager
async def a_liar(lines: list[bytes]) -> AsyncIterator[int]:
    """Run a server that says these lines, one for each that it hears, whatever that is; then it hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for line in lines:
                writer.write(line)
                await writer.drain()
                await reader.readline()
        except (ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


_PIECES = [
    b"220 hi\r\n",
    b"250 OK\r\n",
    b"250-x\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n",
    b"250 SIZE STARTTLS\r\n",
    b"250-AUTH\r\n250 AUTH=\r\n",
    b"250-\r\n",
    b"250 " + "降".encode() * 100 + b"\r\n",
    b"354 go\r\n",
    b"334 !!!\r\n",
    b"334 \xff\r\n",
    b"235 ok\r\n",
    b"421 x\r\n",
    b"550 " + b"9" * 900 + b"\r\n",
    b"550 5." + b"1" * 50 + b".1\r\n",
    b"999 x\r\n",
    b"-12\r\n",
    b"\r\n",
    b"\n",
    b"abc\r\n",
    b"\xff\xfe\x00\r\n",
    b"5" * 9_000 + b"\r\n",
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
]


@pytest.mark.parametrize("seed", range(60))
async def test_whatever_a_server_says_is_an_answer(seed: int) -> None:
    chance = random.Random(seed)
    lines = [chance.choice(_PIECES[:2]), *chance.choices(_PIECES, k=12)]
    async with a_liar(lines) as port:
        settings = MailSettings(
            host="127.0.0.1",
            port=port,
            security=Security.PLAIN,
            sender=SENDER,
            user="u" if seed % 2 else None,
            password="secret-word" if seed % 2 else None,
        )
        answer = await channel_to(settings, send_seconds=0.5).send(a_notification(), ann())
    assert isinstance(answer, Retry | Refused | Gone | Sent)
    assert "secret-word" not in repr(answer)


# Answers


@pytest.mark.parametrize(
    ("step", "code", "text", "kind"),
    [
        pytest.param(Step.RECIPIENT, 550, "5.1.1 no such user", "gone", id="no such mailbox"),
        pytest.param(Step.RECIPIENT, 550, "5.1.2 no such domain", "gone", id="no such domain"),
        pytest.param(Step.RECIPIENT, 556, "5.1.10 null MX", "gone", id="a domain without mail"),
        pytest.param(Step.RECIPIENT, 551, "5.1.6 moved", "gone", id="moved away"),
        pytest.param(Step.MAIL, 550, "5.1.1 no such user", "gone", id="no such mailbox, said late"),
        pytest.param(Step.SENDER, 550, "5.1.1 no such user", "alarm", id="our own address is unknown"),
        pytest.param(Step.RECIPIENT, 553, "5.1.8 bad sender", "alarm", id="our own address, said late"),
        pytest.param(Step.RECIPIENT, 550, "no such user", "strike", id="550 without its code"),
        pytest.param(Step.RECIPIENT, 550, "4.1.1 which is it", "strike", id="a code of another class"),
        pytest.param(Step.RECIPIENT, 550, "5.1.1.1", "strike", id="a version, not a code"),
        pytest.param(Step.RECIPIENT, 550, "5.2.1 disabled", "strike", id="a mailbox that is disabled"),
        pytest.param(Step.RECIPIENT, 550, "5.1.0 unspecified", "strike", id="an address, nobody says why"),
        pytest.param(Step.RECIPIENT, 554, "5.7.1 relay access denied", "alarm", id="relaying denied"),
        pytest.param(Step.RECIPIENT, 550, "5.7.1 policy", "alarm", id="550 that means policy"),
        pytest.param(Step.RECIPIENT, 530, "authentication required", "alarm", id="a login is needed"),
        pytest.param(Step.LOGIN, 535, "5.7.8 bad credentials", "alarm", id="a wrong password"),
        pytest.param(Step.LOGIN, 500, "what", "alarm", id="a login that is not understood"),
        pytest.param(Step.LOGIN, 454, "4.7.0 later", "lane", id="a login, later"),
        pytest.param(Step.GREETING, 554, "no service", "alarm", id="no service for us"),
        pytest.param(Step.GREETING, 421, "too many connections", "lane", id="too many connections"),
        pytest.param(Step.SENDER, 451, "4.7.1 slow down", "lane", id="slow down"),
        pytest.param(Step.RECIPIENT, 451, "4.7.1 greylisted", "later", id="greylisted"),
        pytest.param(Step.RECIPIENT, 452, "4.3.1 disk full", "lane", id="its disk is full"),
        pytest.param(Step.RECIPIENT, 421, "going down", "lane", id="going down"),
        pytest.param(Step.RECIPIENT, 452, "4.2.2 over quota", "later", id="mailbox full"),
        pytest.param(Step.RECIPIENT, 552, "5.2.2 over quota", "later", id="mailbox full, for good it says"),
        pytest.param(Step.MAIL, 552, "too much", "later", id="552 alone"),
        pytest.param(Step.SENDER, 552, "5.3.4 too big", "refused", id="too large, by its size"),
        pytest.param(Step.MAIL, 552, "5.3.4 too big", "refused", id="too large"),
        pytest.param(Step.MAIL, 554, "transaction failed", "refused", id="a mail it does not like"),
        pytest.param(Step.MAIL, 554, "5.7.1 spam", "alarm", id="spam, it thinks"),
        pytest.param(Step.GREETING, -1, "", "lane", id="no SMTP"),
        pytest.param(Step.MAIL, 999, "", "lane", id="no code of SMTP"),
        pytest.param(Step.RECIPIENT, 550, "5." + "9" * 4_000 + ".1", "strike", id="a code without end"),
    ],
)
def test_the_table_of_answers(step: Step, code: int, text: str, kind: str) -> None:
    answer = understand(step, code, text, "mail.example.org")
    assert _kind(answer) == kind
    assert len(repr(answer)) < 300


def _kind(answer: SendResult) -> str:
    match answer:
        case Gone():
            return "gone"
        case Retry(pause=pause):
            return "lane" if pause is Pause.LANE else "later"
        case Refused(is_alarm=True):
            return "alarm"
        case Refused(strikes=strikes):
            assert strikes in {None, Strikes(most=3)}
            return "strike" if strikes else "refused"
        case _:
            return "sent"


# The mail


def test_a_mail_says_what_it_is() -> None:
    mail = mail_of(a_notification(collapse_key="watch:dune"))
    assert mail["From"] == "监控 <watcher@example.org>"
    assert mail["To"] == "ann@example.net"
    assert mail["Subject"] == "Dune 12.00 → 8.50"
    assert mail["Date"].datetime == NOON.replace(microsecond=0)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == f"<{SUBSCRIPTIONS}>"
    assert part(mail, "plain").splitlines() == [
        "The price fell.",
        "",
        "-- ",
        "Deals",
        "",
        "Open: https://push.example/m/abc",
        "",
        f"Your subscriptions, and how to end them: {SUBSCRIPTIONS}",
    ]
    assert '<a href="https://push.example/m/abc">Open</a>' in part(mail, "html")


def test_a_repeat_is_the_same_mail_byte_for_byte() -> None:
    one, again = (
        written(letter_of(a_notification(), "a@b.example", subscriptions=SUBSCRIPTIONS), SENDER) for _ in "12"
    )
    assert one == again


def test_another_message_has_another_id_though_the_database_counts_from_one_again() -> None:
    first = a_notification()
    restored = replace(first, message=replace(first.message, slug="xyz"))
    ids = {mail_of(notification)["Message-ID"] for notification in (first, restored, replace(first, item_id=8))}
    assert len(ids) == 3
    assert all(mail_id.endswith("@example.org>") and "abc" not in mail_id for mail_id in ids)


def test_what_collapses_is_one_thread() -> None:
    mails = [mail_of(a_notification(item_id=n, collapse_key="watch:dune")) for n in (1, 2)]
    assert mails[0]["References"] == mails[1]["References"] == mails[0]["In-Reply-To"]
    assert mail_of(a_notification(collapse_key="watch:other"))["References"] != mails[0]["References"]
    assert mail_of(a_notification())["References"] is None


def test_html_is_told_in_words_too_and_runs_nothing() -> None:
    content = '<p onclick="x()">Now <b>8.50</b></p><script>alert(1)</script>'
    mail = mail_of(told(Draft(summary="s", content=content, content_type=ContentType.HTML)))
    assert "Now 8.50" in " ".join(part(mail, "plain").split())
    assert "<b>8.50</b>" in part(mail, "html")
    assert "onclick" not in part(mail, "html")
    assert "alert" not in part(mail, "html")


def test_the_words_around_are_the_readers() -> None:
    mail = mail_of(told(Draft(summary="s", content="c", url="https://shop.example/1"), lang="zh"))
    assert "网页: https://shop.example/1" in part(mail, "plain")
    assert "管理或取消订阅" in part(mail, "html")
    assert '<html lang="zh">' in part(mail, "html")


@pytest.mark.parametrize("url", ["weixin://dl", 'https://x.example/"><script>alert(1)</script>', "javascript:alert(1)"])
def test_only_web_addresses_are_links(url: str) -> None:
    page = part(mail_of(told(Draft(summary="s", content="c", url=url))), "html")
    assert "<script" not in page
    assert 'href="javascript' not in page
    assert 'href="weixin' not in page


def test_long_addresses_stay_whole_in_the_headers() -> None:
    long = "https://push.example/" + "a" * 300
    letter = letter_of(a_notification(collapse_key="k"), "ann@example.net", subscriptions=long)
    sender = Sender(address=f"w@{'b' * 60}.{'c' * 60}.example")
    text = written(letter, sender).decode()
    unfolded = text.replace("\r\n ", " ")
    assert f"List-Unsubscribe: <{long}>" in unfolded
    assert f"Message-ID: <{letter.repeat_key}@{sender.domain}>" in unfolded


@pytest.mark.parametrize("unsubscribe", ["https://x.example/\r\nBcc: eve@example.net", "https://x.example/ø", "x"])
def test_a_page_that_is_no_address_is_in_no_header(unsubscribe: str) -> None:
    mail = read(letter_of(a_notification(), "ann@example.net", subscriptions=unsubscribe))
    assert mail["List-Unsubscribe"] is None
    assert mail["Bcc"] is None


@examples(deadline=None)
@given(summary=st.text(max_size=100), content=st.text(max_size=200), key=st.text(max_size=20))
def test_no_text_leaves_its_place(summary: str, content: str, key: str) -> None:
    raw = written(_letter(summary, content, key), SENDER)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    mail = parsed(raw)
    assert [name.lower() for name in mail] == _NAMES
    assert str(mail["Subject"]) == one_line(clean(summary))
    assert part(mail, "plain").startswith(clean(content))


def _letter(summary: str, content: str, key: str) -> Letter:
    notification = a_notification()
    message = replace(notification.message, draft=Draft(summary=summary, content=content))
    return letter_of(
        replace(notification, message=message, collapse_key=clean(key)), "a@b.example", subscriptions=SUBSCRIPTIONS
    )


_NAMES = [
    "content-type",
    "mime-version",
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "list-unsubscribe",
    "auto-submitted",
]


@pytest.mark.parametrize(
    "summary",
    [
        "Price\r\nBcc: eve@example.net",
        "Price\n\n<script>",
        "Price\r\n\r\nbody",
        "Price\u2028Bcc: eve@example.net",
        "Price\x00\x1b[31m",
        "=?utf-8?q?Bcc=3A_eve?= 价",
        "half a pair \ud800",
        "票" * 100,
    ],
)
def test_a_summary_is_one_line_of_subject(summary: str) -> None:
    mail = mail_of(told(Draft(summary=summary, content="c")))
    assert mail["Bcc"] is None
    assert len(str(mail["Subject"]).splitlines()) == 1
    assert part(mail, "plain").startswith("c")


def test_a_confirmation_carries_its_link_and_nothing_to_end() -> None:
    link = "https://push.example/confirm/abc"
    letter = letter_asking(a_question(link))
    mail = read(letter)
    assert mail["List-Unsubscribe"] is None
    assert mail["Subject"] == "Confirm your mail address"
    assert link in mail.get_content()
    other = letter_asking(a_question(link + "d"))
    assert other.repeat_key != letter.repeat_key


# Addresses


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann@example.net", "ann@example.net"),
        (" ann@example.net\n", "ann@example.net"),
        ("Ann.B+watch@EXAMPLE.net", "Ann.B+watch@example.net"),
        ("a@xn--fsq.example", "a@xn--fsq.example"),
        ("a" * 64 + "@example.net", "a" * 64 + "@example.net"),
    ],
)
def test_an_address_is_taken(text: str, address: str) -> None:
    assert valid_mail_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "@example.net",
        "ann@",
        "ann@localhost",
        "ann@[127.0.0.1]",
        "ann@127.0.0.1",
        "ann@-a.example",
        "ann@a..example",
        "ann@example.net.",
        "ann@exam_ple.net",
        ".ann@example.net",
        "an..n@example.net",
        "Ann <ann@example.net>",
        "<ann@example.net>",
        '"ann b"@example.net',
        "ann(x)@example.net",
        "ann@example.net,bob@example.net",
        "ann@example.net bob@example.net",
        "ann@bob@example.net",
        "ann@example.net\r\nBcc: eve@example.net",
        "an\x00n@example.net",
        "änn@example.net",
        "ann@例子.example",
        "ann@example.net\u2028",
        "a" * 65 + "@example.net",
        "ann@" + "a" * 64 + ".example",
        "ann@" + "a." * 130 + "example",
        "a" * 10_000_000,
    ],
    ids=lambda text: repr(text[:40]),
)
def test_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError, match="mail address"):
        valid_mail_address(text)


@examples(deadline=None)
@given(st.text(max_size=60))
def test_what_is_taken_is_one_line_of_ascii(text: str) -> None:
    try:
        address = valid_mail_address(text)
    except InvalidRequestError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address


# Settings


@pytest.mark.parametrize(
    ("url", "host", "port", "security"),
    [
        ("smtp://relay", "relay", 25, Security.PLAIN),
        ("smtp://192.168.1.7:2525/", "192.168.1.7", 2525, Security.PLAIN),
        ("smtps://Mail.Example.org", "mail.example.org", 465, Security.TLS),
        ("smtp+starttls://mail.example.org", "mail.example.org", 587, Security.STARTTLS),
        ("smtps://[::1]:4650", "::1", 4650, Security.TLS),
    ],
)
def test_an_url_names_the_server(url: str, host: str, port: int, security: Security) -> None:
    settings = mail_settings(url, FROM)
    assert (settings.host, settings.port, settings.security) == (host, port, security)
    assert settings.user is settings.password is None


def test_a_login_is_percent_encoded_and_never_shown() -> None:
    settings = mail_settings("smtps://reader%40shop:p%40ss%3Aword%2F%23%3F%25@mail.example.org", FROM)
    assert (settings.user, settings.password) == (USER, PASSWORD)
    assert PASSWORD not in repr(settings)


def test_a_login_may_go_unencrypted_to_this_machine_only() -> None:
    assert mail_settings("smtp://u:secret@127.0.0.1:25", FROM).password == "secret"
    assert mail_settings("smtp://u:secret@localhost", FROM).password == "secret"
    with pytest.raises(ConfigError, match="for everybody to read"):
        mail_settings("smtp://u:secret@mail.example.org", FROM)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "https://u:sesame@mail.example.org",
        "smtps://",
        "smtps://u:sesame@",
        "smtps://u:ses/ame@mail.example.org",
        "smtps://u:ses#ame@mail.example.org",
        "smtps://u:ses?ame@mail.example.org",
        "smtps://u:ses@ame@mail.example.org",
        "smtps://u:sesame%ff@mail.example.org",
        "smtps://u:sesame%0d%0aRCPT@mail.example.org",
        "smtps://u:sesame@mail.example.org:0",
        "smtps://u:sesame@mail.example.org:65536",
        "smtps://u:sesame@mail.example.org:port",
        "smtps://u:sesame@mail.example.org/inbox",
        "smtps://u:sesame@mail.example.org?x=1",
        "smtps://u:sesame@mail example.org",
        "smtps://u:sesame\n@mail.example.org",
        "smtps://u:sesame@[::1",
        "smtps://sesame@mail.example.org",
        "smtps://:sesame@mail.example.org",
        "smtps://u:sesame@münchen.example",
        "smtps://u:sesame@mail.example.org.",
        "smtps://u:sesame@" + "a" * 300,
    ],
)
def test_an_url_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match=r"^WATCHER_SMTP_URL: ") as caught:
        mail_settings(url, FROM)
    assert "ses" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("watcher@example.org", Sender(address="watcher@example.org")),
        ("Watcher <watcher@example.org>", Sender(address="watcher@example.org", name="Watcher")),
        ('"监控, Inc" <watcher@example.org>', Sender(address="watcher@example.org", name="监控, Inc")),
    ],
)
def test_whom_the_mails_are_from(text: str, sender: Sender) -> None:
    assert mail_settings("smtp://relay", text).sender == sender


@pytest.mark.parametrize(
    "text", ["", "Watcher", "Watcher <>", "<a@b.example> x", "A\r\nBcc: e <a@b.example>", "a@b.example, c@d.example"]
)
def test_a_sender_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^WATCHER_MAIL_FROM: "):
        mail_settings("smtp://relay", text)


def test_a_name_cannot_break_out_of_its_header() -> None:
    name = '"Eve" <eve@example.net>, "'
    mail = read(
        letter_of(a_notification(), "ann@example.net", subscriptions=SUBSCRIPTIONS),
        Sender(address="watcher@example.org", name=name),
    )
    assert [address.addr_spec for address in mail["From"].addresses] == ["watcher@example.org"]
