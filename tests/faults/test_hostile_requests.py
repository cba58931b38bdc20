"""Bodies and addresses that are made to hurt, at every route: a refusal, never a failure of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from yarl import URL

from tests.faults.tally import IS_FULL, Tally
from tests.faults.test_authorisation import SCOPES, Town, a_town
from watcher.web.middleware.guard import Role, Route
from watcher.web.routes import ROUTES

pytestmark = pytest.mark.faults

_DEVICE_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_BODIES: Final = {
    "deep lists": (_JSON, b"[" * 5_000),
    "deep objects": (_JSON, b'{"content":' * 5_000),
    "closed and deep": (_JSON, b"[" * 5_000 + b"]" * 5_000),
    "a long integer": (_JSON, b'{"contentType":' + b"9" * 5_000 + b',"ids":[' + b"9" * 5_000 + b"]}"),
    "integers of 64 bits": (_JSON, b'{"ids":[9223372036854775808,-1],"topicIds":[9223372036854775808],"app_id":1e400}'),
    "NaN": (_JSON, b'{"content":NaN,"contentType":NaN,"ids":[NaN],"topicIds":[Infinity],"validTime":-Infinity}'),
    "a key twice": (_JSON, b'{"content":"a","content":1,"ids":[1],"ids":null,"name":"x","name":[]}'),
    "many keys": (_JSON, json.dumps({f"k{number}": number for number in range(20_000)}).encode()),
    "half a pair": (_JSON, b'{"content":"\\ud800","name":"\\udfff","endpoint":"\\ud800","appToken":"\\ud800"}'),
    "a NUL": (_JSON, b'{"content":"\\u0000","name":"\\u0000","appToken":"\\u0000"}'),
    "no UTF-8": (_JSON, b'{"content":"\xff\xfe"}'),
    "UTF-16": (_JSON, '{"content":"x"}'.encode("utf-16")),
    "another charset": ("application/json; charset=klingon", b'{"content":"x"}'),
    "no object": (_JSON, b"[1]"),
    "a number alone": (_JSON, b"-0"),
    "nothing": (_JSON, b""),
    "a form": (_DEVICE_FORM, b"text=%ff&start=%zz&channel=%00&address=%ud800&uid=%c0%80&code=%F0%9F"),
    "many fields": (_DEVICE_FORM, b"&".join(b"f%d=x" % number for number in range(20_000))),
    "a field twice": (_DEVICE_FORM, b"text=a&text=b&start=1&start=2&code=1&code=2"),
    "a long field": (_DEVICE_FORM, b"text=" + b"9" * 500_000 + b"&code=" + b"9" * 5_000),
    "a form in no charset": (f"{_DEVICE_FORM}; charset=klingon", b"text=x&code=1"),
    "a form in UTF-16": (f"{_DEVICE_FORM}; charset=utf-16", b"\xff\xfet"),
    "parts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\r\n--x--',
    ),
    "parts without an end": ("multipart/form-data; boundary=x", b"--x\r\n" * 1_000),
    "parts without a boundary": ("multipart/form-data", b"--x\r\n"),
    "parts in parts": (
        "multipart/mixed; boundary=x",
        b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 500,
    ),
    "XML": ("text/xml", b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
    "no type": ("", b"x"),
    "a type that is none": ("a/b/c; ;;=", b"x"),
}
_PATHS: Final = (
    "1",
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "9" * 5_000,
    "-1",
    "1e9",
    "..%2f..%2f",
    "%u0041",
    "a" * 4_000,
    "%",
    "😀",
)
_PARAMETERS: Final = ("id", "after", "lang", "claim", "code", "page", "appToken", "content", "uid", "limit", "type")
_T = TypeVar("_T")
_UNSAFE: Final = [route for route in ROUTES if route.method != "GET"]


def _path(route: Route, part: str) -> str:
    named = route.path.replace("{kind:t|a}", "t")
    return re.sub(r"{\w+(:[^/]*)?}", lambda _: part, named)


async def _headers(town: Town, route: Route) -> Mapping[str, str]:
    """Return what lets a request in."""
    opening = [each for each in town.credentials if route.role in each.opens]
    if route.role is Role.BEARER:
        opening = [each for each in opening if SCOPES[f"{route.method} {route.path}"] in each.scopes]
    return opening[-1].headers or {} if opening else {}


async def _ask(town: Town, route: Route, url: URL, **given: Any) -> str:
    """Return what is wrong with the answer: that the server failed; empty when it did not."""
    async with town.client.request(route.method, url, allow_redirects=False, **given) as answer:
        is_endless = answer.content_type == "text/event-stream"
        body = b"" if is_endless else await answer.read()
        failed = answer.status >= 500 and answer.status != 503  # WeChat cannot be reached
        if answer.content_type == "application/json" and body and answer.status == 200:
            failed = json.loads(body).get("code") in (1008, 1009)
        return f"{answer.status} {body[:100]!r}" if failed else ""


async def test_no_body_makes_a_route_fail(tmp_path: Path, tally: Tally, caplog: pytest.LogCaptureFixture) -> None:
    tally.what = "bodies made to hurt, at every route that is not a GET"
    wrong = []
    async with a_town(tmp_path) as town:
        for nth, route in enumerate(_UNSAFE):
            headers, url = await _headers(town, route), town.client._build_url(_path(route, "1"))
            for name, (kind, body) in _some(_BODIES.items(), nth):
                found = await _ask(town, route, url, data=body, headers={**headers, "Content-Type": kind})
                tally.tried += 1
                if found:
                    wrong.append(f"{route.method} {route.path}, {name}: {found}")
    tally.failed = len(wrong)
    assert not wrong, "\n".join(wrong[:30])
    assert "Traceback" not in caplog.text


async def test_no_address_makes_a_route_fail(tmp_path: Path, tally: Tally, caplog: pytest.LogCaptureFixture) -> None:
    tally.what = "addresses made to hurt, at every route"
    wrong = []
    async with a_town(tmp_path) as town:
        for nth, route in enumerate(ROUTES):
            headers = {**await _headers(town, route), "Accept": "*/*"}
            for part in _some(_PATHS, nth):
                for query in ("", "?" + "&".join(f"{name}={part}" for name in _PARAMETERS)):
                    url = URL(str(town.client._build_url("/"))[:-1] + _path(route, part) + query, encoded=True)
                    found = await _ask(town, route, url, headers=headers)
                    tally.tried += 1
                    if found:
                        wrong.append(f"{route.method} {route.path}, {part[:30]}, {query[:30]}: {found}")
    tally.failed = len(wrong)
    assert not wrong, "\n".join(wrong[:30])
    assert "Traceback" not in caplog.text


def _some(whole: Iterable[_T], nth: int) -> Sequence[_T]:
    """Return all of them; without the full size an eighth, another one for each route."""
    return [*whole] if IS_FULL else [*whole][nth % 8 :: 8]
