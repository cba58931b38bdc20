"""What a request costs before it is known who asks, and once it is known that it is wrong."""

from __future__ import annotations

import json
import time
from typing import Final

import pytest

from tests.web.site import JSON, Site

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_MARKDOWN: Final = "![" * 20_000
_UIDS: Final = b"[" + b"1," * 440_000 + b"1]"
_KEYS: Final = b",".join(b'"k%d":1' % number for number in range(60_000))
_WORK_SECONDS: Final = 0.25
"""Of this process, in which the client runs as well."""

STRANGERS: Final = {
    "wrong uids": ("/api/send/message", b'{"appToken":"AT_x","content":"x","uids":' + _UIDS + b"}", JSON),
    "topics in a text": ("/api/send/message", b'{"appToken":"AT_x","topicIds":[' + b'"1",' * 200_000 + b"1]}", JSON),
    "unknown fields": ("/api/send/message", b'{"appToken":"AT_x",' + _KEYS + b"}", JSON),
    "a token in a list": ("/api/send/message", b'{"appToken":' + _UIDS + b"}", JSON),
    "laborious markdown": (
        "/api/send/message/simple-push",
        json.dumps({"spt": "SPT_x", "content": _MARKDOWN, "contentType": 3}).encode(),
        JSON,
    ),
    "wrong tokens": ("/api/send/message/simple-push", b'{"sptList":' + _UIDS + b"}", JSON),
    "a code": ("/api/fun/create/qrcode", b'{"appToken":"AT_x","extra":' + _UIDS + b"}", JSON),
    "a form of many fields": ("/t/nothing", b"&".join([b"a=b"] * 240_000), _FORM),
    "a login of many fields": ("/console/login", b"&".join([b"a=b"] * 240_000), _FORM),
    "a query of many fields": ("/api/send/message?" + "&".join(["a=b"] * 60_000), b"{}", JSON),
}


async def _worked(site: Site, path: str, body: bytes, headers: dict[str, str]) -> tuple[float, str]:
    """Return how long this process worked for a request, and what was answered; the least of three tries."""
    worked, text = [], ""
    for _ in range(3):  # one of them may pay for a collection of what all earlier tests have left behind
        began = time.process_time()
        text = await (await site.post(path, body=body, headers=headers)).text()
        worked.append(time.process_time() - began)
    return min(worked), text


@pytest.mark.parametrize(("path", "body", "headers"), STRANGERS.values(), ids=STRANGERS.keys())
async def test_a_stranger_costs_next_to_nothing(site: Site, path: str, body: bytes, headers: dict[str, str]) -> None:
    worked, text = await _worked(site, path, body, headers)
    assert '"success":true' not in text
    assert worked < _WORK_SECONDS


@pytest.mark.parametrize("list_", [b"[" + b"1," * 440_000 + b"1]", b"[" + b'"a",' * 200_000 + b'"a"]'])
async def test_a_list_that_is_too_long_is_not_looked_at(site: Site, list_: bytes) -> None:
    _, token = await site.app()
    body = b'{"appToken":"%s","content":"x","uids":%s}' % (token.encode(), list_)
    worked, text = await _worked(site, "/api/send/message", body, JSON)
    assert json.loads(text)["msg"].endswith("; at most 2000")
    assert worked < _WORK_SECONDS


async def test_wrong_elements_are_named_by_the_first_of_them(site: Site) -> None:
    _, token = await site.app()
    body = json.dumps({"appToken": token, "content": "x", "uids": [1] * 2_000}).encode()
    assert json.loads((await _worked(site, "/api/send/message", body, JSON))[1])["msg"].startswith("uids.0: ")


async def test_thousands_of_unknown_fields_are_one_error(site: Site) -> None:
    _, token = await site.app()
    headers = {**JSON, "Authorization": f"Bearer {token}"}
    worked, text = await _worked(site, "/api/v1/messages", b"{" + _KEYS + b"}", headers)
    assert json.loads(text)["detail"] == "the body has 60000 members; at most 100"
    assert worked < _WORK_SECONDS
