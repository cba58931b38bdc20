"""
A data directory that is kept, with something of everything in it: what the code of today finds there.

`python -m tests.golden.kept tests/data/full-….tar.gz` makes one with the code as it is, by commands and over HTTP.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientSession, DummyCookieJar

from tests.cli.command import eventually
from tests.golden.place import HOST, PORT, fixed_site
from tests.golden.product import Product
from tests.golden.storage import NOWHERE, fingerprints
from tests.site import Site
from tests.unpacking import unpack

ARCHIVES: Final = Path(__file__).parents[1] / "data"
_WATCHES: Final = r"""
topics: {deals: {name: Deals, description: What became cheaper}}
defaults: {topic: deals, allow_private: true, every: 1d, per_host: {min_delay: 0s}}
watches:
  book:
    url: "http://SITE/book?edition=${EDITION}"
    tags: [shop]
    headers: {Accept-Language: en, X-Edition: "${EDITION}"}
    cookies: {currency: EUR}
    page_must_contain: Dune
    extract:
      price: {css: .price, type: money, max_step: 80%}
      until: {css: .until, type: date}
      cover: {css: img, attr: src, type: url}
      left: {css: .left, regex: '(\d+) left', type: integer, optional: true}
    link: a.buy
    notify_when: [price: {drops_by: 5%}, price: {new_low: 365d}, left: {below: 3}]
  phone:
    url: http://SITE/phone
    method: POST
    body: {model: x}
    extract:
      price: {product: price}
      stock: {product: availability}
      rating: {xpath: //div/@data-rating, type: number}
      colours: {css: .colour, pick: joined}
      state: {css: .state, map: {1: here, 0: away}}
      sold: {regex: '(\d+) sold', type: integer}
    notify_when: [price: {below: 500}, stock: {is: in_stock}, state: changes]
  rooms:
    url: http://SITE/rooms
    topic: news
    items: {jsonpath: "$.rooms[*]", key: id, fields: {street: address.street, rent: {jsonpath: rent, scale: 0.01}}}
    where: {rent: {below: 900}}
    notify_when: [added, removed, rent: {drops_by: 10}]
  table:
    url: http://SITE/table
    topic: [news, deals]
    items: {css: tr, key: td.code, fields: {seats: {css: td.seats, type: integer}}}
    pages: {next: a.next, max: 2}
  blog:
    url: http://SITE/feed
    topic: news
    items: {feed: true, fields: {author: {part: author, optional: true}}}
  quiet:
    url: http://SITE/quiet
    topic: later
    group_within: 1h
    extract: h1
  moved:
    url: http://SITE/moved
    topic: news
    extract: {count: {css: b, type: integer, max_step: 10%}}
  gone: {url: "http://SITE/gone", topic: news, extract: h1}
  off: {url: "https://shop.example/", topic: news, enabled: false}
"""
_ENVIRONMENT: Final = {"EDITION": "first-edition", "TZ": "UTC"}
_LISTED: Final = (
    *("status", "history book", "history phone", "history rooms", "history table", "history blog", "history quiet"),
    *("outbox", "messages", "topics", "subscribers", "apps", "tokens", "losses"),
)
_SAME: Final = frozenset({"not_modified", "unchanged"})
_BOOK: Final = """<h1>Dune</h1><p class=price>€ {price}</p><p class=until>24 December 2026</p><img src=/cover.png>
<p class=left>{seats} left</p><a class=buy href=/basket>Buy</a>"""
_PHONE: Final = """<script type="application/ld+json">{{"@type": "Product", "offers": {{"@type": "Offer",
"price": "{price}", "priceCurrency": "EUR", "availability": "https://schema.org/InStock"}}}}</script>
<div data-rating="4.5"></div><b class=colour>red</b><b class=colour>blue</b><p class=state>1</p><p>{seats} sold</p>"""
_FEED: Final = """<rss version="2.0"><channel><title>Blog</title><item><guid>1</guid><title>{headline}</title>
<link>https://blog.example/1</link></item></channel></rss>"""


async def freeze(directory: Path) -> Mapping[str, str]:
    """Return what is listed of it, what the next checks make of it, and what its links and tokens open."""
    (archive,) = ARCHIVES.glob("full-*.tar.gz")
    unpack(archive, directory)
    product = Product.at(directory, **_ENVIRONMENT)
    secrets: dict[str, str] = json.loads((directory / "secrets.json").read_text(encoding="utf-8"))
    lines: list[str] = []
    for command in _LISTED:
        listed = await product.done(f"{command} --json")
        lines += [command, *(f"  {json.dumps(each, ensure_ascii=False)}" for each in listed.records), ""]
    async with fixed_site() as site:
        before = await _messages(product)
        _show(site, price="9.00", seats=2, headline="second")
        lines += ["the same pages", *await _checked(product), ""]
        _show(site, price="7.00", seats=9, headline="third")
        lines += ["other pages", *await _checked(product), ""]
    after = await _messages(product)
    lines += ["told since", *sorted(f"  {after[each]}" for each in after.keys() - before.keys()), ""]
    async with product.serving("serve", "http://push.example") as server:
        lines += [*await _opened(server.url, secrets), ""]
    return {"kept.txt": "\n".join([*lines, *fingerprints(product.data / "watches" / "cache.db")]) + "\n"}


def _show(site: Site, *, price: str, seats: int, headline: str) -> None:
    """Show all pages, with these values in them."""
    values = {"price": price, "seats": seats, "headline": headline}
    site.show("/book", _BOOK.format_map(values))
    site.show("/phone", _PHONE.format_map(values))
    rooms = [
        {"id": 1, "address": {"street": "Rue"}, "rent": seats * 10_000},
        {"id": 2, "address": {"street": headline}, "rent": 7},
    ]
    site.show("/rooms", json.dumps({"rooms": rooms}))
    site.show("/table", f"<table><tr><td class=code>A</td><td class=seats>{seats}</td></tr></table>")
    site.show("/feed", _FEED.format_map(values))
    site.show("/quiet", f"<h1>{headline}</h1>")
    site.show("/moved", f"<b>{'10' if headline == 'first' else price.partition('.')[0] + '00'}</b>")
    site.forms.add("/phone")
    site.content_types |= {"/rooms": "application/json", "/feed": "application/rss+xml"}


async def _checked(product: Product) -> list[str]:
    """Check; return what each watch came to. Whether the server or we know a page again depends on the day."""
    checked = (await product("check --json")).records
    outcomes = {each["watch"]: "same" if each["outcome"] in _SAME else each["outcome"] for each in checked}
    kinds = {each["watch"]: (each["error"] or {}).get("kind") for each in checked}
    return [f"  {watch} · {outcomes[watch]} · {kinds[watch]}" for watch in sorted(outcomes)]


async def _messages(product: Product) -> dict[int, str]:
    """Return what was told by the watches; the operator hears of what depends on the day."""
    listed = (await product.done("messages --json")).records
    return {
        each["id"]: f"{each['topic']} · {each['summary']} · {each['url']}"
        for each in listed
        if each["topic"] != "admin"
    }


async def _opened(url: str, secrets: Mapping[str, str]) -> list[str]:
    """Return how each link and token is taken."""
    cookie, bearer = {"Cookie": secrets["cookie"]}, {"Authorization": f"Bearer {secrets['bearer']}"}
    body = {"appToken": secrets["token"], "content": "hi", "uids": [secrets["uid"]]}
    lines = []
    async with ClientSession(url, cookie_jar=DummyCookieJar()) as client:

        async def ask(method: str, path: str, says: str, **given: Any) -> str:
            async with client.request(method, path, allow_redirects=False, **given) as answer:
                text = await answer.text()
            answered = json.loads(text) if answer.content_type == "application/json" else {}
            code = f" · {answered['code']}" if "code" in answered else ""
            lines.append(f"{method} {says} · {answer.status}{code}")
            return text

        inbox = await ask("GET", "/api/v1/inbox", "/api/v1/inbox", headers=cookie)
        lines.extend(f"  {item['state']} · {item['topic']} · {item['summary']}" for item in json.loads(inbox)["data"])
        for page in ("/inbox", "/subscriptions", "/reach"):
            await ask("GET", page, page, headers=cookie)
        for kind in ("topic", "app", "club", "message"):
            await ask("GET", secrets[kind], kind)
        await ask("GET", f"/api/send/query/{secrets['record']}", "a record")
        await ask("POST", "/api/send/message", "of the application", json=body)
        await ask("GET", f"/api/send/message/{secrets['spt']}/hi", "of a simple push token")
        await ask("GET", "/api/v1/topics", "with an access token", headers=bearer)
        await ask("POST", "/console/login", "with the password", data={"password": secrets["password"]})
    return lines


async def make(directory: Path) -> None:
    """Make `.watcher` in a directory, with `watches.yaml` and the secrets that open it beside it."""
    product = Product.at(directory, **_ENVIRONMENT)
    secrets: dict[str, str] = {}
    async with fixed_site() as site:
        watches = _WATCHES.replace("SITE", f"{HOST}:{PORT}")
        product.command.write(watches)
        _show(site, price="12.00", seats=3, headline="first")
        await _checked(product)
        await _add_people(product, secrets)
        _show(site, price="10.00", seats=8, headline="other")
        await _checked(product)
        async with product.serving("serve", "http://push.example") as server:
            await _use(product, server.url, secrets)
            await eventually(lambda: _is_known(product.data / "push.db"))
        _show(site, price="9.00", seats=2, headline="second")
        away = watches.replace("deals: {", "news: {id: 1}, later: {id: 2}, deals: {id: 3, ", 1)
        (directory / "away.yaml").write_text(away, encoding="utf-8")
        await product(f"check --config away.yaml {NOWHERE}")
    (directory / "secrets.json").write_text(json.dumps(secrets, indent=1), encoding="utf-8")
    for lock in product.data.glob("*.lock"):
        lock.unlink()
    for database in (product.data / "push.db", product.data / "watches" / "cache.db"):
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def _is_known(database: Path) -> bool:
    """Return whether it is written down that the browser came back: who never did is forgotten after a while."""
    with closing(sqlite3.connect(database)) as connection:
        return not connection.execute("SELECT 1 FROM subscribers WHERE is_stranger").fetchall()


async def _add_people(product: Product, secrets: dict[str, str]) -> None:
    """Add an application, topics of each mode, and subscribers in each state."""
    run = product.done
    added = (await run("apps add Shop --contact me --description Books --follow-prompt 'Hello {{UID}}' --json")).record
    secrets["token"], app = added["app_token"], added["app_id"]
    club = (await run(f"topics add Club --app {app} --mode approval --description d --json")).record["topic_id"]
    await run(f"topics add Closed --app {app} --mode closed")
    await run(f"topics edit {club} --by-number --json")
    everything = f"--app {app} --topic deals --topic news --topic later --topic {club}"
    reader = (await run(f"subscribers add {everything} --json")).record
    secrets |= {"uid": reader["uid"], "spt": reader["spt"]}
    rejected = (await run(f"subscribers add --app {app} --json")).record["uid"]
    await run(f"subscribers reject {rejected} --app {app}")
    scopes = "--scope topics:read --scope messages:send"
    secrets["bearer"] = (await run(f"tokens add CI {scopes} --app {app} --json")).record["token"]
    secrets["password"] = (await run("password --generate")).out.splitlines()[0]
    links = [*(await run("topics --json")).records, *(await run("apps --json")).records]
    paths = {each["name"]: "/" + each["link"].split("/", 3)[3] for each in links}
    secrets |= {"topic": paths["Deals"], "app": paths["Shop"], "club": paths["Club"]}


async def _use(product: Product, url: str, secrets: dict[str, str]) -> None:
    """Follow as a browser, wait for approval, send, read, delete, and set quiet hours."""
    body = {"appToken": secrets["token"], "uids": [secrets["uid"]], "contentType": 2}
    async with ClientSession(url, cookie_jar=DummyCookieJar()) as client:

        async def post(path: str, data: Any = None, **given: Any) -> Any:
            async with client.post(path, data=data, allow_redirects=False, **given) as answer:
                assert answer.status < 400, await answer.text()
                return await answer.json() if answer.content_type == "application/json" else answer

        followed = await post(secrets["topic"])
        secrets["cookie"] = "; ".join(f"{name}={each.value}" for name, each in followed.cookies.items())
        cookie = {"Cookie": secrets["cookie"]}
        for path in (secrets["app"], secrets["club"], f"{secrets['app']}/mute"):
            await post(path, headers=cookie)
        await post("/reach/quiet", {"start": "22:00", "end": "07:00", "timezone": "Europe/Paris"}, headers=cookie)
        sent = []
        for content in ("<b>kept</b>", "deleted"):
            answer = await post("/api/send/message", json={**body, "content": content, "url": "https://shop.example/"})
            sent.append(answer["data"][0])
        secrets["record"] = str(sent[0]["sendRecordId"])
        wrong = f"/api/send/message?appToken={secrets['token']}&messageContentId={sent[1]['messageContentId']}"
        async with client.delete(wrong) as answer:
            assert (await answer.json())["code"] == 1000
        await product("send deals hello --summary Greeting --url https://shop.example/")
        async with client.get("/api/v1/inbox", headers=cookie) as answer:
            items = (await answer.json())["data"]
        await post("/inbox/shown", json={"ids": [each["id"] for each in items]}, headers=cookie)
        secrets["message"] = "/m/" + items[-1]["page"].rpartition("/")[2]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(make(Path(made)))
        with tarfile.open(sys.argv[1], "w:gz") as archive:
            for name in (".watcher", "watches.yaml", "secrets.json"):
                archive.add(Path(made) / name, name)
