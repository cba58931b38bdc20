"""
Requests that ntfy's clients send, each of which is answered here as by ntfy itself, or differs as a row of
docs/api.md says.

What ntfy answers is in `real.json`, recorded of Debian's by `python -m tests.web.ntfy.real`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

TOPICS: Final = ("alpha", "beta")
"""Which the application has, and anybody at ntfy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    A request.

    Attributes:
        query, headers: `{token}`, `{now}` and `{first}` stand for the token, the time and the id of the first message.
        auth: how the token comes: `bearer`, `user`, `password`, `query`, `query of basic`; `none`, `wrong`.
        row: of the table in docs/api.md; empty: the answer is ntfy's.
        fields: of events, that are compared.
    """

    id: str
    path: str = "/alpha"
    method: str = "POST"
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    auth: str = "bearer"
    row: str = ""
    fields: Sequence[str] = ("message", "title", "priority", "tags", "click", "content_type")


def _header(name: str, value: str, *, body: str = "x", row: str = "") -> Case:
    return Case(id=f"{name}: {value}", headers={name: value}, body=body.encode(), row=row)


def _query(name: str, value: str, *, body: str = "x", row: str = "") -> Case:
    return Case(id=f"?{name}={value}", query={name: value}, body=body.encode(), row=row)


def _json(body: str, *, row: str = "", query: tuple[str, str] | None = None, **headers: str) -> Case:
    beside = {name.replace("_", "-"): value for name, value in headers.items()}
    said = " ".join([body, *(f"{name}: {value}" for name, value in beside.items()), *(query or ())])
    return Case(id=said, path="/", body=body.encode(), headers=beside, query=dict([query] if query else []), row=row)


def _read(query: str = "", *, row: str = "", path: str = "/alpha/json", auth: str = "bearer", **headers: str) -> Case:
    """Return a poll that is compared by the texts of what it tells."""
    beside = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = {"poll": "1", **dict(part.split("=", 1) for part in query.split("&") if part)}
    said = " ".join([f"GET {path}?{query}", auth, *(f"{name}: {value}" for name, value in beside.items())])
    return Case(id=said, path=path, method="GET", query=asked, headers=beside, auth=auth, row=row, fields=("message",))


def _read_back(query: str, field_name: str, *, row: str = "") -> Case:
    return Case(
        id=f"{field_name} of {query}",
        path="/alpha/json",
        method="GET",
        query={"poll": "1", **dict([query.split("=")])},
        row=row,
        fields=(field_name,),
    )


_ENCODED: Final = "=?UTF-8?B?5aSH5Lu9?="
_TOPIC: Final = '{"topic": "alpha", "message": "x"}'

PUBLISHED: Final = (
    Case(id="First", headers={"Title": "First"}, body=b"one"),
    Case(id="Second", headers={"Title": "Backup"}, body=b"Backup done"),
    Case(id="Third", headers={"Title": "Third", "Priority": "5", "Tags": "disk,warning"}, body=b"three"),
    Case(id="Fourth", path="/beta", headers={"Title": "Fourth"}, body=b"four"),
    Case(id="Fifth", headers={"Title": "Fifth", "Priority": "low", "Tags": "disk", "Markdown": "1"}, body=b"*five*"),
    Case(id="Sixth", headers={"Click": "https://example.org/6"}, body=b"six"),
)
"""What is read by the cases of READING."""

PUBLISHING: Final = (
    Case(id="a body", body="备份完成".encode()),
    Case(id="blanks around it", body=b"  x \n"),
    Case(id="lines", body=b"one\ntwo"),
    Case(id="no body"),
    Case(id="PUT", method="PUT", body=b"x"),
    Case(id="bytes", body=b"\xff\xfe"),
    Case(id="GET publish", path="/alpha/publish", method="GET", query={"message": "x", "title": "T"}),
    Case(id="GET send", path="/alpha/send", method="GET", query={"m": "x"}),
    Case(id="GET trigger", path="/alpha/trigger", method="GET"),
    *(_header(name, "T") for name in ("X-Title", "Title", "t")),
    *(_query(name, "T") for name in ("x-title", "title", "t")),
    _header("Title", _ENCODED),
    _header("Title", "=?UTF-8?Q?caf=C3=A9?="),
    _header("Title", "x"),
    Case(id="a header before the query", headers={"Title": "header"}, query={"title": "query"}, body=b"x"),
    *(_header(name, "4") for name in ("X-Priority", "Priority", "prio", "p")),
    *(_query("p", value) for value in ("1", "2", "4", "5")),
    *(_query("p", value, row="`priority` 3") for value in ("3", "default")),
    *(_query("priority", value) for value in ("min", "low", "high", "max", "urgent", "HIGH")),
    *(_header("Priority", value) for value in ("0", "6", "loud", "u=1", "u=1, i", "u=0,i")),
    Case(id="a browser's priority and ours", headers={"Priority": "u=1, i"}, query={"p": "5"}, body=b"x"),
    _header("X-Priority", "u=1"),
    *(_header(name, "disk, ok") for name in ("X-Tags", "Tags", "Tag", "ta")),
    _query("tags", ",disk,,ok,"),
    *(_header(name, "https://example.org/1") for name in ("X-Click", "Click")),
    _query("click", "mailto:ann@example.org"),
    _header("Click", "not a url", row="`click`"),
    *(_header("X-Markdown", value) for value in ("1", "yes", "true", "no")),
    _query("md", "1"),
    Case(id="text/markdown", headers={"Content-Type": "text/markdown"}, body=b"**x**"),
    *(_header(name, "one\\ntwo", body="") for name in ("X-Message", "Message", "m")),
    _header("Message", "header"),
    _header("Attach", "https://example.org/p.jpg", row="`attach`"),
    Case(id="a link alone", headers={"Attach": "https://example.org/p.jpg"}, row="`attach`"),
    _header("Attach", "nonsense"),
    _header("Filename", "a.txt"),
    *(_header(name, "1h", row="`delay`") for name in ("X-Delay", "Delay", "At", "In")),
    _query("delay", "1h", row="`delay`"),
    _header("Delay", "nonsense"),
    _header("Email", "ann@example.org"),
    _header("Call", "+123456789"),
    _header("Actions", "view, Open, https://example.org"),
    _header("Actions", "nonsense", row="`actions`, `icon`"),
    _header("Icon", "https://example.org/i.png"),
    _header("Icon", "nonsense", row="`actions`, `icon`"),
    _header("Cache", "no"),
    _header("Firebase", "no"),
    _query("up", "1"),
    _query("tpl", "1", body='{"a": 1}', row="`template`"),
    _header("Template", "yes", body="no JSON", row="`template`"),
    _header("Template", "no"),
    _json(_TOPIC),
    _json('{"topic": "alpha"}'),
    _json('{"topic": "alpha", "title": "T", "tags": ["a", "b"], "priority": 4, "click": "https://example.org/1"}'),
    _json('{"topic": "alpha", "message": "**x**", "markdown": true}'),
    _json('{"topic": "alpha", "message": "x", "markdown": false, "priority": 0, "actions": [], "icon": ""}'),
    _json('{"Topic": "alpha", "MESSAGE": "x"}'),
    _json('{"topic": "alpha", "message": "x", "unknown": {"a": 1}}'),
    _json('{"topic": "alpha", "message": "x", "delay": "1h"}', row="`delay`"),
    _json('{"topic": "alpha", "message": "x", "email": "ann@example.org"}'),
    _json('{"topic": "alpha", "message": "x", "filename": "a.txt"}'),
    _json('{"topic": "alpha", "message": "x", "priority": 9}'),
    _json('{"topic": "alpha", "message": "x", "priority": "high"}', row="JSON"),
    _json('{"topic": "alpha", "message": 5}', row="JSON"),
    _json('{"topic": "alpha", "tags": "a,b"}', row="JSON"),
    _json('{"topic": "alpha", "message": {"a": 1}}'),
    _json('{"message": "x"}'),
    _json('{"topic": "a b", "message": "x"}'),
    _json("[]"),
    _json("no JSON"),
    _json(_TOPIC, Title="T"),
    _json(_TOPIC, X_Priority="5"),
    _json(_TOPIC, Priority="u=1"),
    _json(_TOPIC, Tags="a,b"),
    _json(_TOPIC, Click="https://example.org/1"),
    _json(_TOPIC, Markdown="yes"),
    _json(_TOPIC, X_Delay="1h", row="`delay`"),
    _json(_TOPIC, Email="ann@example.org"),
    _json(_TOPIC, Attach="https://example.org/p.jpg", row="`attach`"),
    _json(_TOPIC, query=("title", "T")),
    _json('{"topic": "alpha", "title": "member"}', Title="header", query=("title", "query")),
    _json('{"topic": "alpha"}', Message="header", row="`message`"),
    *(Case(id=f"auth: {how}", auth=how, body=b"x") for how in ("password", "query", "query of basic", "wrong")),
    *(Case(id=f"auth: {how}", auth=how, body=b"x", row="the token") for how in ("user", "none")),
    Case(id="an unknown topic", path="/gamma", body=b"x", row="topics"),
    Case(id="a name of a page", path="/docs", body=b"x", row="topics"),
    Case(id="DELETE", method="DELETE", row="methods"),
)

READING: Final = (
    _read(),
    _read(path="/alpha/sse"),
    _read(path="/alpha/raw"),
    _read(path="/alpha/ws"),
    _read(path="/alpha,beta/json", row="several topics"),
    _read(path="/alpha/auth"),
    _read(path="/alpha,beta/auth"),
    _read(path="/v1/health", auth="none"),
    _read(path="/v1/nothing"),
    _read(path="/gamma/json", row="topics"),
    _read(auth="none"),
    _read(auth="wrong"),
    _read(auth="query"),
    _read("scheduled=1"),
    *(_read(f"since={since}") for since in ("all", "none", "{first}", "{now}", "10m", "90s", "1h30m", "AgJn6d6Wb14k")),
    _read("since=latest", row="`since=latest`"),
    _read("since=yesterday"),
    _read("si=none"),
    _read(X_Since="none"),
    _read("id={first}"),
    _read("message=one"),
    _read("m=nothing"),
    _read("title=Backup"),
    _read("t=Third"),
    _read("priority=5"),
    _read("priority=low,max"),
    _read("p=3"),
    _read("p=loud"),
    _read(X_Priority="5"),
    _read(Priority="u=4"),
    _read("tags=disk"),
    _read("ta=disk,warning"),
    _read(X_Tags="nothing"),
    _read_back("m=one", "title"),
    _read_back("m=Backup done", "title"),
    _read_back("m=three", "tags"),
    _read_back("m=*five*", "content_type"),
    _read_back("m=six", "title", row="`title`, read back"),
    _read_back("m=six", "click", row="`click`, read back"),
)
