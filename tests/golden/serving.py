"""What a server shows while it runs: its API's document, its figures, its cookies, its headers and its log."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from http.cookies import Morsel
from itertools import chain
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.command import eventually
from tests.golden.product import Product
from tests.golden.shapes import operations, shape
from tests.site import serve_site

_WATCHES: Final = """
watches:
  gone: {{url: "{url}/gone", topic: news, allow_private: true, per_host: {{min_delay: 0s}}, every: 1s, extract: h1}}
"""
_CHANNELS: Final = {"WATCHER_SMTP_URL": "smtp://127.0.0.1:9", "WATCHER_MAIL_FROM": "watcher@push.example"}
_FREE_LABELS: Final = frozenset({"version", "python", "method", "route", "status", "code", "kind"})
"""Labels whose values come from what happens."""
_Jar = dict[str, str]


async def freeze(directory: Path) -> Mapping[str, str]:
    """Return what one server over http shows, and the cookies of one over https."""
    product = Product.at(directory)
    async with serve_site() as site:
        product.command.write(_WATCHES.format(url=site.url))
        topic = (await product.done("topics add Club --json")).record
        await product.done("backup")
        path = "/t/" + str(topic["link"]).rpartition("/")[2]
        password = (await product.done("password --generate")).out.splitlines()[0]
        async with (
            product.serving("--log-format json --verbose run", "http://push.example", **_CHANNELS) as plain,
            _client(plain.url) as client,
        ):
            metrics = await eventually(lambda: _metrics(client))
            cookies = [*await _cookies(client, path, password)]
            headers = [*await _headers(client)]
            async with client.get("/api/v1/openapi.json") as answer:
                document = await answer.json()
        async with product.serving("serve", "https://push.example") as secure, _client(secure.url) as client:
            cookies += ["", "over https", *await _cookies(client, path, password)]
    return {
        "serving.cookies.txt": "\n".join(cookies) + "\n",
        "serving.headers.txt": "\n".join(headers) + "\n",
        "serving.log.txt": "\n".join(shape([json.loads(line) for line in plain.log.splitlines()])) + "\n",
        "serving.metrics.txt": metrics,
        "serving.openapi.txt": "\n".join(operations(document)) + "\n",
    }


@asynccontextmanager
async def _client(url: str) -> AsyncIterator[ClientSession]:
    async with ClientSession(url, cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=20)) as client:
        yield client


async def _cookies(client: ClientSession, path: str, password: str) -> Iterable[str]:
    """Follow a topic, read, take another's inbox over, log in, and sign out again; return each cookie that is set."""
    told: list[str] = []

    async def ask(jar: _Jar, method: str, at: str, says: str, data: Mapping[str, str] | None = None) -> ClientResponse:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())} if jar else {}
        async with client.request(method, at, data=data, headers=headers, allow_redirects=False) as answer:
            await answer.read()
        told.append(f"{method} {says} · {answer.status}")
        told.extend(f"  {_cookie(morsel)}" for morsel in answer.cookies.values())
        jar |= {name: morsel.value for name, morsel in answer.cookies.items()}
        return answer

    mine, theirs, operator = _Jar(), _Jar(), _Jar()
    for jar in (mine, theirs):
        await ask(jar, "POST", path, "/t/{slug}")
    await ask(mine, "GET", "/inbox", "/inbox")
    await ask({}, "GET", "/?lang=zh", "/?lang=zh")
    await ask({}, "GET", "/?lang=en", "/?lang=en")
    shown = await ask(mine, "POST", "/devices", "/devices")
    found = re.search(r"/claim/([\w-]+)", await shown.text())
    assert found
    await ask(theirs, "POST", f"/claim/{found[1]}", "/claim/{token}")
    await ask(theirs, "POST", "/devices/end-others", "/devices/end-others")
    await ask(theirs, "POST", "/subscriptions/delete", "/subscriptions/delete")
    await ask(theirs, "GET", "/inbox", "/inbox")
    await ask(operator, "POST", "/console/login", "/console/login", {"password": "wrong"})
    await ask(operator, "POST", "/console/login", "/console/login", {"password": password})
    await ask(operator, "GET", "/console", "/console")
    await ask(operator, "POST", "/console/logout", "/console/logout")
    return told


def _cookie(morsel: Morsel[str]) -> str:
    attributes = [f"{name}={value}" for name, value in sorted(morsel.items()) if value and name != "expires"]
    return "; ".join([f"{morsel.key}={'…' if morsel.value else ''}", *attributes])


_ASKED: Final = (
    *("/", "/inbox", "/nothing", "/api/nothing", "/healthz", "/readyz", "/metrics", "/console", "/docs", "/sw.js"),
    *("/manifest.webmanifest", "/static/app.css", "/api/v1/openapi.json", "/api/v1/apps", "/api/v1/inbox"),
    *("/api/send/message?appToken=x", "/try"),
)
_OF_THE_MOMENT: Final = frozenset({"date", "content-length", "etag", "last-modified", "set-cookie", "content-encoding"})


async def _headers(client: ClientSession) -> Iterable[str]:
    """Return what each answer says beside its body, first what all say."""
    answers: dict[str, list[str]] = {}
    for path in _ASKED:
        async with client.get(path, allow_redirects=False) as answer:
            said = sorted((name.lower(), value) for name, value in answer.headers.items())
        answers[f"GET {path} · {answer.status}"] = [
            f"  {name}: {'…' if name in _OF_THE_MOMENT else value}" for name, value in said
        ]
    common = sorted(set.intersection(*map(set, answers.values())))
    others = ((first, *(line for line in lines if line not in common)) for first, lines in answers.items())
    return ["each", *common, *chain.from_iterable(others)]


async def _metrics(client: ClientSession) -> str | None:
    """Return all families with their labels, when all is up, a check has failed and a request was counted."""
    async with client.get("/metrics") as answer:
        text = await answer.text()
    families = sorted(text_string_to_metric_families(text), key=lambda family: family.name)
    samples = {sample.name: sample.value for family in families for sample in family.samples}
    counted = {"watcher_check_failures_total", "watcher_http_requests_total"}  # the second by an earlier request
    is_all = samples["watcher_ready"] == 1 and counted <= samples.keys()
    return "\n".join(line for family in families for line in _family(family)) + "\n" if is_all else None


def _family(family: Any) -> Iterator[str]:
    yield f"{family.name} · {family.type}"
    samples: dict[str, dict[str, list[str]]] = {}
    for sample in family.samples:
        labels = samples.setdefault(sample.name, {})
        for label, value in sample.labels.items():
            labels.setdefault(label, []).append("…" if label in _FREE_LABELS else value)
    for name, labels in samples.items():
        yield f"  {name}"
        yield from (f"    {label}: {', '.join(dict.fromkeys(values))}" for label, values in labels.items())
