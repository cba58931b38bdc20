"""What `${NAME}` fills in is nowhere but in the request, whatever a page does with it."""

from __future__ import annotations

import asyncio
import base64
import gzip
import html
import json
import tarfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

import pytest
from aiohttp import web

from tests.cli.command import Command, Result, eventually
from tests.cli.test_serve import device, session
from watcher.store.watch_reader import DiskWatchReader

# Each holds a word that only Base64 changes, and characters that each encoding has in a way of its own.
KEY = "kqkeyword/+'é;x"
TOKEN = 'zqtoken "<&> word'
COOKIE = "wqcookie~/+word"
BODY = "vqbody\t'\"\\word"
PASSWORD = "yqpassword-1"
PROXY = f"http://xqname:{PASSWORD}@"
SHORT = "q7"
ENVIRONMENT = {
    "KEY": quote(KEY, safe="'"),
    "TOKEN": TOKEN,
    "COOKIE": COOKIE,
    "BODY": BODY,
    "SHORT": SHORT,
    "WHOLE": "http://127.0.0.1:1/uqsegment/x?access=uqparameter",
}
WORDS = ("kqkeyw", "zqtoke", "wqcook", "vqbody", "yqpass", "xqname", "uqsegm", "uqpara")
"""The beginning of each: a random link has four letters of one now and then, six never."""
HEAD = """
defaults:
  topic: deals
  allow_private: true
  timeout: 5s
  on_error: {{after: 1}}
  per_host: {{min_delay: 0s, concurrency: 9}}
watches:
"""
WATCHES = """
  texts:
    url: {site}/echo/${{KEY}}/page?n=1
    headers: {{X-Token: "Bearer ${{TOKEN}}"}}
    cookies: {{session: "${{COOKIE}}"}}
    proxy: ${{PROXY}}
    body: "a=1&secret=${{BODY}}"
    extract:
      path: "#path"
      all: {{css: p, pick: all}}
      next: {{css: "a.next", attr: href, type: url}}
    message:
      content: "{{{{ url }}}} {{{{ all }}}} {{{{ all.old }}}} {{{{ next }}}} {{{{ values }}}} {{{{ path.new }}}}"
  whole:
    url: {site}/echo?n=2&key=${{KEY}}&m=3
  rows:
    url: {site}/rows?n=2&key=${{KEY}}&short=${{SHORT}}
    items:
      css: tr
      key: .key
      fields:
        title: .title
        link: {{css: a, attr: href, type: url}}
    pages: {{next: a.next, max: 3}}
  answer:
    url: {site}/json?key=${{KEY}}
    extract:
      said: {{jsonpath: "$.said[0]"}}
      title: {{jsonpath: $.title}}
    link: {{jsonpath: $.link}}
  validated:
    url: {site}/validated?key=${{KEY}}
    extract: h1
  gone:
    url: {site}/gone/${{KEY}}/long
  moved:
    url: {site}/moved/${{KEY}}
  typed:
    url: {site}/typed?key=${{KEY}}
    extract: {{price: {{css: .long, type: number}}}}
  media:
    url: {site}/media?key=${{KEY}}
  refused:
    url: http://127.0.0.1:1/${{KEY}}
  elsewhere:
    url: ${{WHOLE}}
"""


class Echo:
    """A site that repeats what it is asked, in every place and every way. `edition`: changes with it."""

    def __init__(self) -> None:
        self.edition = 1
        self.asked: list[str] = []
        self.url = ""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        body = (await request.read()).decode()
        said = [request.raw_path, request.path_qs, KEY, body, *request.headers.values(), *request.cookies.values()]
        self.asked.append("\n".join(said))
        match request.path.split("/")[1]:
            case "gone":
                return web.Response(status=404, text=KEY)
            case "moved":
                return web.Response(status=302, headers={"Location": f"http://{quote(KEY, safe='')}.example/"})
            case "json":
                link = f"/item/7?token={quote_plus(KEY)}&n={self.edition}"
                return web.json_response({"said": said, "title": f"{self.edition} {KEY}", "link": link})
            case "rows":
                return self._rows(request)
            case "validated":
                tag = f'"{quote(KEY)}{self.edition}"'
                return web.Response(text=f"<h1>{self.edition}</h1>", content_type="text/html", headers={"ETag": tag})
            case "typed":
                text = f"<p class=long>{'x' * 50}{KEY}</p>"
                return web.Response(text=text, content_type="text/html")
            case "media":
                media = f"image/{'x' * 66}{KEY.partition('/')[0]}"
                return web.Response(body=b"x", headers={"Content-Type": media})
        return web.Response(text=self._page(said), content_type="text/html")

    def _page(self, said: list[str]) -> str:
        ways = [*map(html.escape, said), *map(json.dumps, said), *map(quote, said), *map(quote_plus, said)]
        ways += [base64.b64encode(text.encode()).decode() for text in said]
        ways += [base64.urlsafe_b64encode(f"user:{text}".encode()).decode() for text in said]
        texts = "".join(f"<p>{html.escape(way)}</p>" for way in [*ways, *map(str.upper, said), repr(said)])
        return f"<p id=path>{self.edition} {html.escape(said[0])}</p><a class=next href='?b=1'>x</a>{texts}"

    def _rows(self, request: web.BaseRequest) -> web.Response:
        key, page = quote_plus(KEY), int(request.query.get("page", "1"))
        rows = "".join(
            f"<tr><td class=key>{number} {html.escape(KEY)}</td><td class=title>{self.edition} {key}</td>"
            f"<td><a href='/item/{number}?t={key}&s={SHORT}&n=1'>x</a></td></tr>"
            for number in (10 * page, 10 * page + self.edition)
        )
        onward = f"<a class=next href='/rows?page={page + 1}&key={key}'>x</a>" if page < 3 else ""
        return web.Response(text=f"<table>{rows}</table>{onward}", content_type="text/html")


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    async with _served() as served:
        yield served


@asynccontextmanager
async def _served() -> AsyncIterator[Echo]:
    site = Echo()
    server = web.Server(site.answer)
    runner = web.ServerRunner(server, access_log=None)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


def environment(site: Echo) -> dict[str, str]:
    """What the command is started with. The proxy is the site itself."""
    return ENVIRONMENT | {"PROXY": f"{PROXY}localhost:{site.url.rpartition(':')[2]}"}


def leaks(text: str) -> list[str]:
    """Return the secrets that a text holds, plain or in Base64, as what surrounds them."""
    lowered = text.lower()
    found = [word for word in WORDS if word in lowered]
    for secret in (KEY, TOKEN, COOKIE, BODY, PASSWORD):
        for before in ("", "x", "xx"):
            encoded = base64.b64encode((before + secret).encode()).decode()[4:12]
            found += [secret] if encoded in text else []
    return found


def leaks_of(result: Result) -> list[str]:
    """Return the secrets in what a command said."""
    return leaks(result.out) + leaks(result.err)


def leaks_on_disk(directory: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each file with a secret in it."""
    for path in directory.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for name, part in [(str(path), content), *_members(path)]:
                if found := leaks(part.decode("latin-1")):
                    yield name, found


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    if not tarfile.is_tarfile(path):
        return
    content = path.read_bytes()
    plain = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    with tarfile.open(fileobj=BytesIO(plain)) as archive:
        for member in archive:
            if (file := archive.extractfile(member)) is not None:
                yield f"{path}:{member.name}", file.read()


@pytest.mark.faults
async def test_a_secret_of_a_request_is_nowhere_else(watcher: Command, echo: Echo) -> None:
    watcher.write((HEAD + WATCHES).format(site=echo.url))
    env = environment(echo)
    said = {}
    for edition in (1, 2):
        echo.edition = edition
        said[f"check {edition}"] = await watcher("--verbose", "check", "--json", **env)
    asked = "\n".join(echo.asked)
    assert all(word in asked for word in WORDS[:4])
    assert base64.b64encode(f"xqname:{PASSWORD}".encode()).decode() in asked
    outcomes = {record["watch"]: record["outcome"] for record in said["check 2"].records}
    changed = {"texts", "whole", "rows", "answer", "validated"}
    assert {watch for watch, outcome in outcomes.items() if outcome == "changed"} == changed
    assert {outcomes[watch] for watch in outcomes.keys() - changed} == {"failed"}
    commands = [
        *("messages --json", "messages", "outbox", "status --json", "validate --json", "backup saved.tar"),
        *("events", "events --json --since 30d"),
        *("history texts", "history rows --json", "replay rows --json"),
        *("try texts", "try rows --json", "try gone", "try moved --json"),
    ]
    results = await asyncio.gather(*(watcher(*command.split(), **env) for command in commands))
    said |= dict(zip(commands, results, strict=True))
    said["json logs"] = await watcher("-v", "check", "gone", "typed", **env, WATCHER_LOG_FORMAT="json")
    assert {command: found for command, one in said.items() if (found := leaks_of(one))} == {}
    assert dict(leaks_on_disk(watcher.directory)) == {}
    told = {message["summary"].split()[0].strip(":"): message["url"] for message in said["messages --json"].records}
    assert told == {"⚠": told["⚠"]} | {
        "texts": f"{echo.url}/echo/",
        "whole": f"{echo.url}/echo?n=2",
        "rows": f"{echo.url}/rows?n=2",
        "answer": f"{echo.url}/item/7",
        "validated": f"{echo.url}/validated",
    }
    assert SHORT not in str(told)


@pytest.mark.faults
async def test_a_server_shows_no_secret_to_anyone(watcher: Command, echo: Echo) -> None:
    watcher.write((HEAD.replace("on_error", "every: 1s\n  on_error") + WATCHES).format(site=echo.url))
    env = environment(echo)
    password = (await watcher("password", "--generate")).out.split()[0]
    scopes = [f"--scope={noun}:read" for noun in ("watches", "messages", "metrics", "topics")]
    token = (await watcher("tokens", "add", "all", *scopes, "--json")).record["token"]
    await watcher("topics", **env)
    unheard = (await watcher("validate", "--json", **env)).record["unheard"]
    links = [urlsplit(topic["link"]).path for topic in unheard]
    async with watcher.running("-v", "run", "--port", "0", **env) as (process, first), session() as client:
        base = first.rpartition("inbox at ")[2].removesuffix("/inbox")
        cookie = await device(client, base + links[0])
        for link in links[1:]:
            async with client.post(base + link, headers={"Cookie": cookie}):
                pass

        async def shown(path: str, **headers: str) -> str:
            async with client.get(base + path, headers=headers) as answer:
                return await answer.text()

        async def inbox() -> str:
            return await shown("/api/v1/inbox", Cookie=cookie)

        async def changes() -> bool:
            echo.edition += 1
            paths = (f"/api/v1/watches/{one}/history" for one in ("texts", "rows", "answer"))
            read = [json.loads(await shown(path, Authorization=f"Bearer {token}")) for path in paths]
            return all(one.get("items") for one in read) and "item/7" in await inbox()

        await eventually(changes)
        async with client.post(f"{base}/console/login", data={"password": password}, allow_redirects=False) as answer:
            operator = answer.headers["Set-Cookie"].partition(";")[0]
        pages = {
            "inbox": await inbox(),
            "inbox page": await shown("/inbox", Cookie=cookie),
            "console": await shown("/console", Cookie=operator),
            "metrics": await shown("/metrics", Authorization=f"Bearer {token}"),
        }
        for path in ("watches", "watches/texts", "watches/texts/history", "watches/rows/history", "messages"):
            pages[path] = await shown(f"/api/v1/{path}", Authorization=f"Bearer {token}")
        process.terminate()
        out, err = await process.communicate()
    pages["log"] = out.decode() + err.decode()
    assert "telling deals" in pages["log"]
    assert "gone" in pages["console"]
    assert {place: found for place, text in pages.items() if (found := leaks(text))} == {}
    assert dict(leaks_on_disk(watcher.directory)) == {}


async def test_validate_says_what_is_kept_out_of_links(watcher: Command) -> None:
    watcher.write(
        """
        defaults: {topic: deals}
        watches:
          item:
            url: "https://shop.example/items?id=5&key=${KEY}&at={today:%Y/%m}"
          tenant:
            url: "https://${SHORT}.shop.example/x"
            link: "https://shop.example/x?key=${KEY}"
          header:
            url: "https://shop.example/x"
            headers: {Authorization: "${TOKEN}"}
        """
    )
    said = await watcher("validate", **ENVIRONMENT)
    kept = [line for line in said.out.splitlines() if "kept out" in line]
    assert kept == [
        "watches.yaml: watch item: ${KEY} is kept out of links: messages link to https://shop.example/items?id=5",
        "watches.yaml: watch tenant: ${SHORT} is kept out of links: messages link to https://shop.example/x?key=${KEY}",
    ]
    assert "watch tenant: ${SHORT} has fewer than 4 characters: it is kept out of links, and not looked for" in said.err
    assert "watch tenant: link: a secret such as ${NAME} is filled in in the request alone" in said.err
    record = (await watcher("validate", "--json", **ENVIRONMENT)).record
    assert record["kept_out"][0] == {"watch": "item", "secrets": ["KEY"], "link": "https://shop.example/items?id=5"}


@pytest.mark.faults
async def test_what_an_older_version_kept_is_no_change_and_is_forgotten(watcher: Command, echo: Echo) -> None:
    """What was stored with the secret in it is what a file without `${…}` stores."""
    written = (
        HEAD + "  a:\n    url: {site}/rows?key=${{KEY}}\n    items: {{css: tr, key: .key, fields: {{t: .title}}}}\n"
    )
    watcher.write(written.format(site=echo.url).replace("${KEY}", ENVIRONMENT["KEY"]))
    assert (await watcher("check", "--json")).record["outcome"] == "baseline"
    assert dict(leaks_on_disk(watcher.directory)) != {}
    watcher.write(written.format(site=echo.url))
    same = await watcher("check", "--json", **ENVIRONMENT)
    assert (same.record["outcome"], same.record["messages"]) == ("unchanged", [])
    assert leaks((await watcher("history", "a", "--json")).out + (await watcher("status", **ENVIRONMENT)).out) == []
    state = DiskWatchReader(watcher.directory / ".watcher" / "watches").state("a")
    assert state is not None
    assert leaks(repr(state)) == []
    echo.edition = 2
    assert (await watcher("check", "--json", **ENVIRONMENT)).record["outcome"] == "changed"


@pytest.mark.faults
async def test_what_happened_before_a_secret_was_one_is_shown_without_it(watcher: Command, echo: Echo) -> None:
    """The stored changes, failures and summaries hold it, and the file names it `${…}` since."""
    written = (
        HEAD
        + "  a:\n    url: {site}/echo/?key=${{KEY}}\n    extract: {{said: '#path'}}\n"
        + "    message: {{summary: '{{{{ said }}}}'}}\n"
        + "  b:\n    url: {site}/typed?key=${{KEY}}\n    extract: {{price: {{css: .long, type: number}}}}\n"
    )
    watcher.write(written.format(site=echo.url).replace("${KEY}", ENVIRONMENT["KEY"]))
    await watcher("check")
    echo.edition = 2
    await watcher("check")

    async def shown() -> list[str]:
        """What is said of the watches; a message that was sent stays as it was sent."""
        told = [await watcher(*command, **ENVIRONMENT) for command in commands]
        return [
            line for one in told for line in one.out.splitlines() if "  message  " not in line and "inbox" not in line
        ]

    commands = [("events",), ("events", "--json"), ("history", "a"), ("history", "a", "--json")]
    before = await shown()
    assert sum(bool(leaks(line)) for line in before) == 6
    watcher.write(written.format(site=echo.url))
    after = await shown()
    assert (len(after), [line for line in after if leaks(line)]) == (len(before), [])
