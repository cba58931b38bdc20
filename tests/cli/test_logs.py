"""Log lines: one record is one line, whatever it quotes, and none holds a token."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.cli.command import Command
from watcher.cli.logs import JsonFormatter, TextFormatter

FORMATTERS = [TextFormatter(), JsonFormatter()]
TOKENS = [
    "AT_0123456789abcdef",
    "SPT_0123456789abcdef",
    "WT_0123456789abcdef",
    "Authorization: Bearer WT_0123456789abcdef",
    "https://x.example/claim/0123456789abcdef",
    "/confirm/0123456789abcdef?x=1",
    "https://push.example/m/0123456789abcdef0123456789ab",
    "GET /t/0123456789abcdef0123456789ab/qr.svg",
    "/api/message/0123456789abcdef0123456789ab",
    "'/try/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'",
    "__Host-watcher_account=0123456789abcdef",
    "watcher_mark=0.0123456789abcdef",
    '{"openid": "0123456789abcdef"}',
    "watcher_device=0123456789abcdef; Path=/",
    "https://api.example/token?appid=wx1&secret=0123456789abcdef&x=1",
    "https://api.example/send?access_token=0123456789abcdef",
    '{"appToken": "0123456789abcdef"}',
    "http://user:0123456789abcdef@proxy.example:8080/",
]


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("watcher.some", logging.WARNING, __file__, 1, message, args, info)


def raised(text: str) -> BaseException:
    try:
        raise ValueError(text)  # noqa: TRY301 - a traceback is wanted
    except ValueError as error:
        return error


@pytest.mark.parametrize("formatter", FORMATTERS, ids=["text", "json"])
@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_masked_in_the_message_its_arguments_and_tracebacks(
    formatter: logging.Formatter, token: str
) -> None:
    for each in (record(token), record("said %s", token), record("failed", error=raised(token))):
        line = formatter.format(each)
        assert "0123456789" not in line
        assert "***" in line


@pytest.mark.parametrize("formatter", FORMATTERS, ids=["text", "json"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_nothing_that_is_quoted_begins_a_line(formatter: logging.Formatter, end: str) -> None:
    forged = f"x{end}2026-01-01 00:00:00,000 CRITICAL root: forged"
    for each in (record("%s", forged), record("failed", error=raised(forged))):
        first, *below = formatter.format(each).splitlines()
        assert not first.startswith("2026-01-01 00:00:00,000 CRITICAL")
        assert all(line.startswith("    ") for line in below)


@pytest.mark.parametrize("control", ["\x1b[2J", "\x00", "\x07", "\x9b31m", "\u202e", "\u2066"])
def test_a_terminal_is_told_nothing_by_what_is_quoted(control: str) -> None:
    assert control[0] not in TextFormatter().format(record("%s", f"a{control}b"))
    assert "a" in TextFormatter().format(record("%s", f"a{control}b"))


def test_words_of_several_lines_stay_readable() -> None:
    said = TextFormatter().format(record("two mistakes:\n%s", "watches.yaml:1:1: 错\nwatches.yaml:2:1: 误"))
    assert said.endswith("two mistakes:\n    watches.yaml:1:1: 错\n    watches.yaml:2:1: 误")


def test_an_object_says_when_how_grave_who_and_what() -> None:
    said = json.loads(JsonFormatter().format(record("价格 %d", 5, error=raised("why"))))
    assert datetime.fromisoformat(said.pop("time")).tzinfo is UTC
    assert said.pop("exc").endswith("ValueError: why")
    assert said == {"level": "WARNING", "logger": "watcher.some", "message": "价格 5"}


async def test_the_command_logs_objects_when_it_is_asked_to(watcher: Command) -> None:
    watcher.write('watches: {a: {url: "http://127.0.0.1:9/", allow_private: true, topic: t}}')
    done = await watcher("--verbose", "check", "--json", WATCHER_LOG_FORMAT="json")
    lines = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    assert lines
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)


def test_what_ends_the_process_is_logged_like_the_rest() -> None:
    program = "\n".join(
        [
            "from watcher.cli.logs import LogFormat, set_up_logs",
            "set_up_logs(LogFormat.JSON, is_verbose=False)",
            "raise ValueError('AT_0123456789abcdef')",
        ]
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["exc"].endswith("ValueError: AT_***")


def test_libraries_that_tell_of_each_step_are_heard_only_when_something_is_wrong() -> None:
    program = "\n".join(
        [
            "import logging",
            "from watcher.cli.logs import LogFormat, set_up_logs",
            "set_up_logs(LogFormat.TEXT, is_verbose=True)",
            "logging.getLogger('procrastinate.worker').info('job ended', stack_info=True)",
            "logging.getLogger('watchfiles.main').info('1 change detected')",
            "logging.getLogger('procrastinate.worker').warning('cannot end a job')",
        ]
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    (line,) = done.stderr.splitlines()
    assert line.endswith("WARNING procrastinate.worker: cannot end a job")
