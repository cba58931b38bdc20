"""What looks like a secret is in no report, in no comment and in no id."""

from __future__ import annotations

import time

import pytest

from watcher.config.importing.masks import masked_text
from watcher.config.importing.report import Report
from watcher.config.importing.source import read
from watcher.config.importing.watches import watches_of
from watcher.config.importing.written import texts

_PAGE = "url: https://x.example/\n"
JOBS = {
    "a command": 'command: "curl -u user:s3cret https://x --token=s3cret"',
    "a variable before a command": "command: X=s3cret curl",
    "a filter that is a command": _PAGE
    + "filter: [{shellpipe: curl s3cret}, {execute: {command: a s3cret, b: s3cret}}]",
    "arguments of a command": _PAGE + "filter: [{execute: [curl, s3cret]}]",
    "a filter in one text": _PAGE + """filter: ["shellpipe: curl -H 'X-Token: s3cret' https://y"]""",
    "filters in one text": _PAGE + """filter: "css:#a,shellpipe:curl -H 'a,b: s3cret'\"""",
    "JSON that is sent": _PAGE + """data: '{"password":"s3cret", "a": {"api_key" : "\\"s3cret"}}'""",
    "a header": _PAGE + "headers: {X-Custom: s3cret, Referer: 'https://x.example/s3cret'}",
    "headers in a text": _PAGE + "headers: ['Custom: s3cret']",
    "a webhook of Slack": "url: https://hooks.slack.com/services/T000/B000/s3cret",
    "a webhook of Discord": "url: https://discord.com/api/webhooks/123/s3cret",
    "a bot of Telegram": "url: https://api.telegram.org/bot123:s3cret/getUpdates",
    "options in a text": _PAGE + "note: \"curl -u me:s3cret --token s3cret -H 'X-Tok: s3cret'\"",
    "a field in a text": _PAGE + "note: 'Api-Key: s3cret'",
    "a fragment": "url: https://x.example/a#access_token=s3cret",
}


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_a_secret_is_shown_nowhere(job: str) -> None:
    source = read(job.encode())
    watches = watches_of(source, topic="t")
    (text,) = texts(source, watches, name="x", topic="t", declares=True)
    comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    shown = [*Report(source=source, watches=watches).lines(), *comments, str(watches[0].id)]
    assert [line for line in shown if "s3cret" in line] == []


@pytest.mark.parametrize(
    "text",
    [
        "Accept: text/html, q=0.9",
        "https://x.example/docs/webhooks/intro?page=2#part",
        "the price: 5, the author: me",
        "grep -v foo",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert masked_text(text) == text


@pytest.mark.parametrize("part", ["a", "token=", "'a':'", '"token":"\\', "-u ", "http://x/hook/", "token: ", "-"])
def test_a_long_text_is_masked_in_a_time_that_grows_with_its_length(part: str) -> None:
    began = time.process_time()
    masked_text(part * (200_000 // len(part)))
    assert time.process_time() - began < 2
