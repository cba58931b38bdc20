"""What is found of an installation, good and bad: on real files, databases and servers."""

from __future__ import annotations

import os
import resource
import socket
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from tests.push.emulators.mail import PASSWORD, USER, a_mail_server
from tests.push.emulators.wechat import ACCOUNT, a_wechat, an_error
from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.findings import Finding, State
from watcher.core.settings import Settings
from watcher.net import Sessions
from watcher.push.channels.webpush.keys import keys_of
from watcher.push.opening import open_push_service
from watcher.runtime.diagnosing import diagnose, look_at_server
from watcher.runtime.diagnosing.address import certificate_finding, clock_finding
from watcher.runtime.diagnosing.files import files_finding
from watcher.store.inspection import inspect_database, space_finding
from watcher.store.lock import RoleLock
from watcher.translations import Locale, reworded

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OK, WARNING, ERROR = State.OK, State.WARNING, State.ERROR
NOT_AS_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="everything can be written by root")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    directory = tmp_path / ".watcher"
    directory.mkdir(mode=0o700)
    return directory


async def found(
    data: Path,
    check: str,
    *,
    base_url: str | None = None,
    vapid_subject: str | None = None,
    seconds: float = 10,
    environ: Mapping[str, str] | None = None,
) -> Finding:
    """Return what is found first at one check; nothing that is not fine is without advice."""
    settings = Settings(data=data, base_url=base_url, vapid_subject=vapid_subject)
    findings = await diagnose(settings, None, environ or {}, seconds=seconds)
    assert [each for each in findings if (each.state is OK) == bool(each.advice)] == []
    return next(each for each in findings if each.check == check)


@asynccontextmanager
async def answering(status: int = 200, body: str = "ok\n", **headers: str) -> AsyncIterator[str]:
    """Answer every request so; yield the URL."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, headers=headers)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


# The data directory


async def test_a_directory_that_only_its_user_can_read_is_fine(data: Path) -> None:
    assert (await found(data, "data")).state is OK
    assert (await found(data, "private")).state is OK


async def test_a_directory_that_others_can_read_is_said_with_the_command_that_closes_it(data: Path) -> None:
    data.chmod(0o755)
    finding = await found(data, "private")
    assert (finding.state, finding.advice) == (WARNING, f"chmod 700 {data}")


@NOT_AS_ROOT
async def test_a_directory_that_cannot_be_written_is_an_error(data: Path) -> None:
    data.chmod(0o500)
    assert (await found(data, "data")).state is ERROR


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
async def test_a_file_of_another_user_in_the_directory_is_an_error(data: Path) -> None:
    (data / "watches").mkdir()
    (data / "watches" / "cache.db").touch()
    os.chown(data / "watches" / "cache.db", 12_345, -1)
    finding = await found(data, "data")
    assert (finding.state, f"{data}/watches/cache.db belongs to another user" in finding.text) == (ERROR, True)
    assert finding.advice.startswith(f"chown -R 0 {data};")


@pytest.mark.parametrize(
    ("free_bytes", "state"), [(10**12, OK), (5 * 10**8, WARNING), (10**7, ERROR), (0, ERROR)], ids=str
)
def test_free_space_is_enough_little_or_none(free_bytes: int, state: State) -> None:
    assert space_finding(Path("/data"), free_bytes).state is state


async def test_databases_that_are_not_there_yet_are_fine_and_are_not_made(data: Path) -> None:
    assert (await found(data, "database")).text == ".watcher/push.db is not there yet"
    assert [*data.iterdir()] == []


async def test_a_sound_database_is_fine_while_its_server_has_it_open(data: Path) -> None:
    service = await open_push_service(data / "push.db", now=lambda: NOW)
    try:
        assert (await found(data, "database")).text == ".watcher/push.db is sound"
    finally:
        await service.close()


async def test_a_damaged_database_is_an_error(data: Path) -> None:
    path = data / "push.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE pages (text)")
        connection.executemany("INSERT INTO pages VALUES (?)", [("x" * 500,)] * 500)
        connection.commit()
    damaged = bytearray(path.read_bytes())
    damaged[8192:12288] = b"\xff" * 4096
    path.write_bytes(damaged)
    finding = await found(data, "database")
    assert (finding.state, "push.db" in finding.advice) == (ERROR, True)


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty (0 bytes)"), (b"no database at all" * 100, "cannot be read")]
)
async def test_a_file_that_is_no_database_is_an_error(data: Path, content: bytes, said: str) -> None:
    (data / "push.db").write_bytes(content)
    finding = await found(data, "database")
    assert (finding.state, said in finding.text) == (ERROR, True)


def test_a_database_too_big_for_the_time_is_said_to_be_unchecked(data: Path) -> None:
    path = data / "push.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE numbers (number)")
        connection.executemany("INSERT INTO numbers VALUES (?)", ((number,) for number in range(200_000)))
        connection.commit()
    clock = iter(range(1_000_000))
    finding = inspect_database(path, seconds=0.5, clock=lambda: float(next(clock)))
    assert (finding.state, "too big to be checked in 0.5 s" in finding.text) == (OK, True)


# Who runs


async def test_a_server_that_runs_is_named_and_one_that_does_not_is_an_error(data: Path) -> None:
    assert (await found(data, "server")).state is ERROR
    with RoleLock(data, "server", "watcher serve"):
        finding = await found(data, "server")
    assert (finding.state, finding.text) == (OK, f"it runs: `watcher serve`, process {os.getpid()}")
    assert (await found(data, "server")).state is ERROR


async def test_a_watcher_that_pushes_elsewhere_needs_no_server(data: Path) -> None:
    with RoleLock(data, "watcher", "watcher run"):
        assert (await found(data, "server")).state is OK
        assert (await found(data, "watcher")).state is OK


async def test_looking_at_a_lock_lets_its_holder_be(data: Path) -> None:
    with RoleLock(data, "server", "watcher serve"):
        await found(data, "server")
    with RoleLock(data, "server", "watcher serve"):
        pass


# The base URL


async def test_an_address_that_nobody_set_is_said(data: Path) -> None:
    finding = await found(data, "address")
    assert (finding.state, "WATCHER_BASE_URL" in finding.advice) == (WARNING, True)


@pytest.mark.parametrize(
    "url", ["nonsense", "ftp://push.example", "http://", "http://push.example:99999", "https://[::1"]
)
async def test_an_address_that_is_none_is_an_error(data: Path, url: str) -> None:
    assert (await found(data, "address", base_url=url)).state is ERROR


@pytest.mark.parametrize("host", ["push.example:99999", "push .example"], ids=["port", "blank"])
async def test_a_wrong_address_with_a_login_is_not_repeated(data: Path, host: str) -> None:
    finding = await found(data, "address", base_url=f"https://me:s3cret@{host}")
    assert (finding.state, finding.text) == (ERROR, "the base URL cannot be used")


async def test_an_address_with_a_login_is_an_error_that_does_not_repeat_it(data: Path) -> None:
    finding = await found(data, "address", base_url="https://me:s3cret@push.example")
    assert (finding.state, "login" in finding.text, "s3cret" in finding.text) == (ERROR, True, False)


@pytest.mark.parametrize(
    ("url", "https", "public"),
    [
        ("https://push.example.invalid", OK, OK),
        ("http://push.example.invalid", WARNING, OK),
        ("http://127.0.0.1:9", WARNING, WARNING),
        ("http://[::1]:9", WARNING, WARNING),
        ("https://localhost:9", OK, WARNING),
        ("https://nas.local:9", OK, WARNING),
        ("https://nas:9", OK, WARNING),
    ],
)
async def test_who_can_reach_an_address_and_how_is_said(data: Path, url: str, https: State, public: State) -> None:
    assert (await found(data, "https", base_url=url, seconds=20)).state is https
    assert (await found(data, "public", base_url=url, seconds=20)).state is public


async def test_a_server_of_ours_at_the_address_is_fine(data: Path) -> None:
    async with answering() as url:
        assert (await found(data, "reach", base_url=url)).state is OK


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, "<h1>Welcome to nginx!</h1>", "another program answers"),
        (404, "ok", "another program answers"),
        (502, "Bad Gateway", "the proxy gets no answer (502)"),
        (301, "", "leads on to https://push.example"),
    ],
)
async def test_another_answer_than_ours_is_an_error(data: Path, status: int, body: str, said: str) -> None:
    async with answering(status, body, Location="https://push.example/healthz?secret") as url:
        finding = await found(data, "reach", base_url=url)
    assert (finding.state, said in finding.text, "secret" in finding.text) == (ERROR, True, False)


async def test_a_port_where_nobody_listens_is_an_error(data: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        finding = await found(data, "reach", base_url=f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert (finding.state, "nobody answers at" in finding.text) == (ERROR, True)


async def test_a_server_that_says_nothing_is_an_error_within_the_time(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        finding = await found(data, "reach", base_url=f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=1)
    assert (finding.state, "does not answer within 0.8 s" in finding.text) == (ERROR, True)


async def test_plain_http_where_https_should_be_is_an_error(data: Path) -> None:
    async with answering() as url:
        finding = await found(data, "reach", base_url=url.replace("http:", "https:"))
    assert (finding.state, "does not speak TLS" in finding.text) == (ERROR, True)


@pytest.mark.parametrize(("off", "state"), [(0, OK), (55, OK), (70, ERROR), (-70, ERROR), (-86_400, ERROR)])
async def test_a_clock_that_disagrees_with_the_answer_by_a_minute_is_an_error(
    data: Path, off: int, state: State
) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=off), usegmt=True)
    async with answering(Date=date) as url:
        assert (await found(data, "clock", base_url=url)).state is state


@pytest.mark.parametrize(
    ("date", "is_own", "said"),
    [
        ("", False, "nothing to compare it with: the answer has no Date"),
        ("yesterday", False, "nothing to compare it with: the answer has no Date"),
        ("Tue, 24 Nov 2026 12:00:03 GMT", True, "nothing to compare it with: the base URL leads to this machine"),
        ("Tue, 24 Nov 2026 12:00:03 GMT", False, "it agrees with the base URL's answer within 3 s"),
        ("Tue, 24 Nov 2026 12:02:00 GMT", True, "this machine's clock is 120 s slow"),
        ("Tue, 24 Nov 2026 11:00:00 GMT", False, "this machine's clock is 3600 s fast"),
    ],
)
def test_what_there_is_to_compare_a_clock_with_is_said(date: str, is_own: bool, said: str) -> None:
    assert clock_finding(date, at=NOW, is_own=is_own).text.startswith(said)


@pytest.mark.parametrize(("days", "state"), [(60, OK), (15, OK), (13, WARNING), (0, WARNING), (None, OK)])
def test_a_certificate_that_ends_soon_is_a_warning(days: int | None, state: State) -> None:
    ends_at = None if days is None else NOW + timedelta(days=days)
    assert certificate_finding("push.example", ends_at, now=NOW).state is state


# Channels


async def test_a_channel_that_is_not_set_up_is_not_spoken_of(data: Path) -> None:
    checks = {finding.check for finding in await diagnose(Settings(data=data), None, {})}
    assert checks & {"webpush", "wechat", "upstream", "mail"} == set()


@pytest.mark.parametrize(
    ("url", "subject", "state"),
    [
        ("https://push.example.invalid", None, OK),
        ("https://push.example.invalid", "mailto:me@push.example", OK),
        ("https://push.example.invalid", "mailto:me@localhost", ERROR),
        ("https://push.example.invalid", "http://push.example", ERROR),
        ("https://192.168.1.7:9", None, WARNING),
        ("https://nas.local:9", None, WARNING),
    ],
)
async def test_push_services_must_know_whom_to_ask(data: Path, url: str, subject: str | None, state: State) -> None:
    finding = await found(data, "webpush", base_url=url, vapid_subject=subject, seconds=20)
    assert finding.state is state


async def subscribe(data: Path, key: str) -> None:
    """Store the subscription of a browser that knows this key."""
    service = await open_push_service(data / "push.db", now=lambda: NOW)
    reader = (await service.subscribers.add()).subscriber
    await service.addresses.add(
        reader, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint=key, value="{}", label="Chrome", bound_to=key)
    )
    await service.close()


async def test_a_key_that_browsers_know_is_fine(data: Path) -> None:
    await subscribe(data, keys_of(data).public)
    finding = await found(data, "webpush")
    assert (finding.state, "browsers that have subscribed: 1" in finding.text) == (OK, True)


async def test_a_key_that_others_can_read_is_an_error(data: Path) -> None:
    keys_of(data)
    (data / "vapid.pem").chmod(0o644)
    finding = await found(data, "webpush")
    assert (finding.state, "chmod 600" in finding.text) == (ERROR, True)


async def test_another_key_than_the_browsers_is_an_error(data: Path) -> None:
    await subscribe(data, keys_of(data).public)
    (data / "vapid.pem").unlink()
    keys_of(data)
    finding = await found(data, "webpush")
    assert (finding.state, "subscribed with another key" in finding.text) == (ERROR, True)


async def test_a_key_that_is_missing_is_an_error_and_none_is_made(data: Path) -> None:
    await subscribe(data, "lost")
    finding = await found(data, "webpush")
    assert (finding.state, "is missing; browsers" in finding.text) == (ERROR, True)
    assert not (data / "vapid.pem").exists()


def wechat_environ(api: str) -> dict[str, str]:
    return {
        "WATCHER_WECHAT_APP_ID": ACCOUNT.app_id,
        "WATCHER_WECHAT_SECRET": ACCOUNT.secret,
        "WATCHER_WECHAT_TOKEN": ACCOUNT.token,
        "WATCHER_WECHAT_TEMPLATE": ACCOUNT.template_id,
        "WATCHER_WECHAT_API": api,
    }


async def test_a_wechat_account_that_works_is_fine_and_gets_no_message(data: Path) -> None:
    async with a_wechat() as wechat:
        finding = await found(data, "wechat", environ=wechat_environ(wechat.url))
        assert (finding.state, wechat.calls, wechat.sent) == (OK, ["/cgi-bin/getcallbackip"], [])


async def test_a_callback_that_wechat_cannot_call_is_a_warning(data: Path) -> None:
    async with a_wechat() as wechat:
        environ = wechat_environ(wechat.url)
        settings = Settings(data=data, base_url="http://127.0.0.1:9")
        _, callback = [each for each in await diagnose(settings, None, environ) if each.check == "wechat"]
    assert (callback.state, callback.text) == (WARNING, "WeChat calls back on port 80 and 443 alone")


async def test_an_address_that_is_not_in_wechats_whitelist_is_named(data: Path) -> None:
    async with a_wechat() as wechat:
        wechat.token_scripts.append(an_error(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"))
        finding = await found(data, "wechat", environ=wechat_environ(wechat.url))
    assert (finding.state, finding.text.endswith("IP whitelist; add it: 203.0.113.7")) == (ERROR, True)
    assert "IP白名单" in finding.advice


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"WATCHER_WECHAT_SECRET": "f" * 32}, "WeChat 40001: the AppSecret is wrong"),
        ({"WATCHER_WECHAT_SECRET": ""}, "WeChat needs WATCHER_WECHAT_SECRET as well"),
        ({"WATCHER_WECHAT_APP_ID": "wrong"}, "WATCHER_WECHAT_APP_ID: has to be wx and 16"),
        ({"WATCHER_WECHAT_API": "http://127.0.0.1:9"}, "the request failed"),
    ],
    ids=["secret", "missing", "malformed", "unreachable"],
)
async def test_a_wechat_account_that_does_not_work_is_an_error(data: Path, change: dict[str, str], said: str) -> None:
    async with a_wechat() as wechat:
        finding = await found(data, "wechat", environ=wechat_environ(wechat.url) | change)
    assert (finding.state, said in finding.text) == (ERROR, True)


async def test_a_quota_of_wechat_that_is_used_up_is_a_warning(data: Path) -> None:
    async with a_wechat() as wechat:
        wechat.token_scripts.append(an_error(45009))
        assert (await found(data, "wechat", environ=wechat_environ(wechat.url))).state is WARNING


def mail_environ(port: int, password: str = "") -> dict[str, str]:
    login = f"{quoted(USER)}:{quoted(password)}@" if password else ""
    return {"WATCHER_SMTP_URL": f"smtp://{login}127.0.0.1:{port}", "WATCHER_MAIL_FROM": "watcher@example.org"}


def quoted(text: str) -> str:
    return "".join(f"%{ord(letter):02X}" for letter in text)


async def test_a_mail_server_that_takes_our_login_is_fine_and_gets_no_mail(data: Path) -> None:
    async with a_mail_server(with_login=True) as server:
        finding = await found(data, "mail", environ=mail_environ(server.port, PASSWORD))
        assert (finding.state, finding.text, server.mails) == (OK, "127.0.0.1 takes our login", [])
        assert server.connections == 1


async def test_a_mail_server_that_asks_for_no_login_is_fine(data: Path) -> None:
    async with a_mail_server() as server:
        assert (await found(data, "mail", environ=mail_environ(server.port))).text == "127.0.0.1 lets us in"


async def test_a_wrong_password_for_mail_is_an_error_that_does_not_quote_it(data: Path) -> None:
    async with a_mail_server(with_login=True) as server:
        finding = await found(data, "mail", environ=mail_environ(server.port, "hunter2"))
    assert (finding.state, "hunter2" in finding.text) == (ERROR, False)
    assert "to the login" in finding.text


@pytest.mark.parametrize(
    "environ",
    [
        mail_environ(9),
        {"WATCHER_MAIL_FROM": "watcher@example.org"},
        {"WATCHER_SMTP_URL": "http://mail.example", "WATCHER_MAIL_FROM": "watcher@example.org"},
    ],
    ids=["unreachable", "half", "malformed"],
)
async def test_mail_that_cannot_go_out_is_an_error(data: Path, environ: dict[str, str]) -> None:
    assert (await found(data, "mail", environ=environ)).state is ERROR


@asynccontextmanager
async def an_upstream(answer: Mapping[str, object], status: int = 200) -> AsyncIterator[dict[str, str]]:
    """Answer as WxPusher's list of users does; yield the environment that leads there."""

    async def users(request: web.Request) -> web.Response:
        assert request.query["appToken"] == "AT_good"
        return web.json_response(answer, status=status)

    app = web.Application()
    app.router.add_get("/api/fun/wxuser/v2", users)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield {"WATCHER_UPSTREAM_TOKEN": "AT_good", "WATCHER_UPSTREAM_URL": url}
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("answer", "status", "state"),
    [
        ({"code": 1000, "msg": "ok", "data": {"total": 0, "records": []}, "success": True}, 200, OK),
        ({"code": 1001, "msg": "appToken不正确", "data": None, "success": False}, 200, ERROR),
        ({"hello": "world"}, 200, ERROR),
        ({}, 500, ERROR),
    ],
    ids=["good", "token", "foreign", "status"],
)
async def test_an_upstream_server_knows_our_token_or_it_is_an_error(
    data: Path, answer: Mapping[str, object], status: int, state: State
) -> None:
    async with an_upstream(answer, status) as environ:
        finding = await found(data, "upstream", environ=environ)
    assert (finding.state, "AT_good" in finding.text) == (state, False)


@pytest.mark.parametrize(
    "environ",
    [
        {"WATCHER_UPSTREAM_TOKEN": "no token"},
        {"WATCHER_UPSTREAM_TOKEN": "AT_good", "WATCHER_UPSTREAM_URL": "http://127.0.0.1:9"},
    ],
    ids=["malformed", "unreachable"],
)
async def test_an_upstream_server_that_cannot_be_asked_is_an_error(data: Path, environ: dict[str, str]) -> None:
    assert (await found(data, "upstream", environ=environ)).state is ERROR


@pytest.mark.parametrize(
    ("limit", "used", "state", "says"),
    [
        pytest.param(524_288, None, OK, "may have 524,288 open: room for 2,048 connections to pages", id="enough"),
        pytest.param(524_288, 300, OK, "300 of 524,288 are open", id="of the one that runs"),
        pytest.param(1_024, 90, WARNING, "312 of people, not 10,000", id="fewer connections than asked for"),
        pytest.param(20_000, 19_000, WARNING, "19,000 of 20,000 are open", id="nearly all are open"),
        pytest.param(128, None, ERROR, "may have 128 open", id="too few"),
    ],
)
def test_what_a_limit_of_open_files_allows(limit: int, used: int | None, state: State, says: str) -> None:
    finding = files_finding(limit, used=used, connections=10_000)
    assert finding.state is state
    assert says in finding.text
    assert ("LimitNOFILE" in finding.advice) == (state is not OK)


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="this system does not show them")
async def test_the_limit_is_that_of_the_server_that_runs(data: Path) -> None:
    with RoleLock(data, "server", "watcher serve"):
        finding = await found(data, "files")
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    assert f"of {limit:,} are open" in finding.text


async def test_what_a_server_finds_of_itself_is_said_in_the_languages_of_its_console(data: Path) -> None:
    settings = Settings(data=data, base_url="http://127.0.0.1:1")
    environ = {"WATCHER_SMTP_URL": "smtp://127.0.0.1", "WATCHER_BARK_URL": "https://bark.example"}
    async with Sessions() as sessions:
        findings = await look_at_server(settings, sessions, environ, seconds=5)
    said = [words for finding in findings for words in (finding.text, finding.advice) if words]
    assert len(said) > 8
    assert [words for words in said if reworded(Locale.CHINESE, words) == words] == []
    assert all(reworded(Locale.ENGLISH, words) == str(words) for words in said)


async def test_a_server_that_runs_looks_at_its_address_its_channels_and_its_disk(data: Path) -> None:
    settings = Settings(data=data, base_url="http://127.0.0.1:1")
    async with Sessions() as sessions:
        findings = await look_at_server(settings, sessions, {"WATCHER_SMTP_URL": "smtp://127.0.0.1"}, seconds=20)
    checks = {str(finding.check): finding.state for finding in findings}
    assert checks["mail"] is ERROR
    assert {"address", "space", "files", "backups"} <= checks.keys()
    assert not {"database", "watches"} & checks.keys()
