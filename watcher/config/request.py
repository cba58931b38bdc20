"""A watch's `url`, `headers`, `body` and the rest of its request, with secrets from the environment filled in."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct

from watcher.config.models import AuthModel, SettingsModel, WatchModel
from watcher.config.report import Report
from watcher.config.scalars import shown, text_advice
from watcher.config.shared import Shared
from watcher.core.dates import dated
from watcher.core.redaction import redacted
from watcher.core.urls import UrlFault, host_of, read_url, read_web_url
from watcher.core.watch import MASK, Lane, Request, Secrets

_S = TypeVar("_S", bound=SettingsModel)
_SECRET = re.compile(r"\$\$\{|\$\{(?P<name>[^}]*)\}?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 §5.6.2, of headers; RFC 6265 §4.1.1, of cookies
_NOT_IN_HEADER = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_NOT_IN_COOKIE = re.compile('[\x00-\x20\x7f",;\\\\]')
_OWN = "WATCHER_"
"""Begins the names of our own settings, some of which are secrets: of the database, of the channels."""
_NOWHERE = "https://unset.invalid/"
"""In place of a URL that is not known here (RFC 6761, 6.4)."""
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_PROXY_SCHEMES = frozenset({"http"})
_LOGIN = "must be a URL without credentials; `auth` takes them: a user, and a secret as `${NAME}`"
_WRONG_URLS = {
    UrlFault.CHARACTERS: "must be a URL without spaces, control characters or characters that cannot be seen",
    UrlFault.SCHEME: "must be a URL that begins with https:// or http://",
    UrlFault.HOST: "must be a URL with a valid host name",
    UrlFault.PORT: "must be a URL; its port is no number from 1 to 65535",
}
MAX_BODY_BYTES = 1_000_000


class Filled(Mapping[str, str]):
    """The environment, and what of it was filled in. `used`: values by name."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.used: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        value = self.used[name] = self._environ[name]
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)


class StandIn(str):
    """The value of a variable that is set elsewhere: in its place nobody knows what stands there."""

    __slots__ = ()


class StandIns(Mapping[str, str]):
    """An environment with a stand-in for each variable that is not set: `1`, which may be a part of any text."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._missing: dict[str, None] = {}

    @property
    def missing(self) -> tuple[str, ...]:
        """The variables that were asked for and are not set."""
        return tuple(self._missing)

    def __getitem__(self, name: str) -> str:
        if name in self._environ:
            return self._environ[name]
        self._missing[name] = None
        return _STAND_IN

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)


_STAND_IN = StandIn("1")


class Body(Struct, frozen=True):
    """What is sent, with the secrets filled in, and the Content-Type that goes with it."""

    sent: bytes
    content_type: str | None = None


def expanded(settings: _S, environ: Mapping[str, str], report: Report) -> _S:
    """Return the settings with the secrets of their request filled in; mistakes go into the report."""
    ways: dict[str, Callable[..., object]] = {
        "headers": _headers,
        "cookies": _cookies,
        "body": _body,
        "user_agent": _one_line,
        "proxy": _proxy,
    }
    update = {
        key: fill(getattr(settings, key), environ, report.at(key))
        for key, fill in ways.items()
        if key in settings.given
    }
    if settings.auth is not None:
        sent = update.get("headers")
        update["headers"] = _with_auth(sent if isinstance(sent, dict) else {}, settings.auth, environ, report)
    if not update:
        return settings
    _separate(update, settings, report.at("headers"))
    return settings.replaced(update)


def request_of(model: WatchModel, environ: Filled, defaults: dict[str, str], report: Report, shared: Shared) -> Request:
    """
    Return the request of a watch whose settings are expanded already; mistakes go into the report.

    Args:
        environ: has noted the secrets in its settings.
        defaults: the secrets in the settings of `defaults`, by name.
    """
    body = model.body if isinstance(model.body, Body) else None
    url = url_of(model.url, environ, report)
    filled = defaults | environ.used
    return Request(
        url=url,
        secrets=secrets_of(model.url, url, filled.items(), shared),
        unset=shared.plain(tuple(name for name, value in filled.items() if isinstance(value, StandIn))),
        method=model.method or ("GET" if body is None else "POST"),
        headers=shared.mapping(_with_content_type(model.headers, body)),
        cookies=shared.mapping(model.cookies),
        body=body.sent if body else None,
        user_agent=model.user_agent,
        proxy=model.proxy or None,
        timeout=model.timeout,
        encoding=model.encoding,
        max_body_bytes=model.max_bytes,
        verify=model.verify,
        allow_private=model.allow_private,
        lane=shared.plain(Lane(concurrency=model.per_host.concurrency, min_delay=model.per_host.min_delay)),
    )


def url_of(written: str, environ: Mapping[str, str], report: Report) -> str:
    """Return the URL with its secrets, and its dates as they are written; mistakes go into the report."""
    known = len(report.mistakes)
    environ = Filled(environ)
    url = _expanded(written, environ, report.at("url"))
    if _is_stood_in(written, environ):
        return _NOWHERE if _wrong_page(url) else url
    if len(report.mistakes) == known and (wrong := _wrong_page(url)):
        report.add(redacted(wrong, secrets_of(written, url, environ.used.items(), Shared())), "url")
    return url


def check_link(link: str, report: Report) -> None:
    """Report what is wrong with the URL that messages lead to; a login in it is left out of them."""
    judged = read_web_url(link)
    if isinstance(judged, UrlFault):
        report.add(_WRONG_URLS[judged], "link")


def secrets_of(written: str, url: str, values: Iterable[tuple[str, str]], shared: Shared) -> Secrets | None:
    """
    Return what of a request is shown to nobody; None when nothing came from the environment.

    A secret in the host makes all of the host one: what cannot be reached is told by its host.

    Args:
        written: the watch's `url` as it stands in the file, and `url` with its secrets.
        values: names and values of what was filled in anywhere.
    """
    pairs = [(name, value) for name, value in values if value.strip()]
    if not pairs:
        return None
    names = [match["name"] for match in _SECRET.finditer(written) if match["name"] is not None]
    shown = _SECRET.sub(lambda match: "${" if match["name"] is None else MASK, written) if names else url
    if MASK in shown[: _path_at(shown)]:
        pairs += [(names[0], host) for host in _host_names(url)]
    return Secrets(
        values=shared.plain(tuple(dict.fromkeys(pairs))), url=shown, in_url=shared.plain(tuple(dict.fromkeys(names)))
    )


def has_secret_host(written: str) -> bool:
    """Return whether the server that a `url` names, as it stands in the file, is known to the environment alone."""
    shown = _SECRET.sub(lambda match: "" if match["name"] is None else MASK, written)
    return MASK in shown[: _path_at(shown)]


def _path_at(url: str) -> int:
    begin = url.find("://") + 3 if "://" in url else 0
    return begin + len(re.split("[/?#]", url[begin:], maxsplit=1)[0])


def _host_names(url: str) -> Iterator[str]:
    """Yield the host of a URL as it may be shown: also as names of other alphabets are looked up."""
    host = host_of(url)
    if not host:
        return
    yield host
    with suppress(UnicodeError):  # only a newer IDNA knows the name
        yield host.encode("idna").decode()


def _headers(headers: Mapping[str, str], environ: Mapping[str, str], report: Report) -> dict[str, str]:
    names: dict[str, str] = {}
    for name in headers:
        if not _TOKEN.fullmatch(name):
            report.add("is no name of a header", name, at_key=True)
        if names.setdefault(name.lower(), name) != name:
            report.add(f"is the same header as `{names[name.lower()]}`", name, at_key=True)
    expanded = {name: _expanded(value, environ, report.at(name)) for name, value in headers.items()}
    for name, value in expanded.items():
        if _NOT_IN_HEADER.search(value):
            report.add("holds a line break or another control character", name)
    return expanded


def _with_auth(
    headers: Mapping[str, str], auth: AuthModel, environ: Mapping[str, str], report: Report
) -> dict[str, str]:
    """Return the headers with the one that HTTP Basic wants (RFC 7617); both together are a secret, too."""
    user = _expanded(auth.user, environ, report.at("auth", "user"))
    login = f"{user}:{_expanded(auth.password, environ, report.at('auth', 'password'))}"
    if ":" in user:
        report.add("holds a colon, which no name of a user has here", "auth", "user")
    for name in headers:
        if name.lower() == "authorization":
            report.add("there is `auth` already", "headers", name, at_key=True)
    if isinstance(environ, Filled):
        environ.used["auth"] = login
    return {**headers, "Authorization": f"Basic {b64encode(login.encode()).decode()}"}


def with_own_headers(defaults: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return both, a watch's own in place of the default of that name; names are without case."""
    replaced = {name.lower() for name in own}
    return {name: value for name, value in defaults.items() if name.lower() not in replaced} | dict(own)


def _separate(update: dict[str, object], settings: SettingsModel, report: Report) -> None:
    """Move a `User-Agent` among the headers to the key of its own, and refuse two of one thing."""
    headers = update.get("headers")
    for name in settings.headers:
        if name.lower() == "cookie" and settings.cookies:
            report.add("there are `cookies` already; write all of them there", name, at_key=True)
        if name.lower() == "user-agent" and isinstance(headers, dict):
            if settings.user_agent is not None:
                report.add("there is a `user_agent` already", name, at_key=True)
            update["user_agent"] = headers.pop(name, None)


def _cookies(cookies: Mapping[str, str], environ: Mapping[str, str], report: Report) -> dict[str, str]:
    for name in cookies:
        if not _TOKEN.fullmatch(name):
            report.add("is no name of a cookie", name, at_key=True)
    sent = {name: _expanded(value, environ, report.at(name)) for name, value in cookies.items()}
    for name, value in sent.items():
        if _NOT_IN_COOKIE.search(value):
            report.add("holds a space, a quote, a comma, `;` or `\\`, which no cookie has; encode it as %20", name)
    return sent


def _one_line(text: str, environ: Mapping[str, str], report: Report) -> str:
    line = _expanded(text, environ, report)
    if _NOT_IN_HEADER.search(line):
        report.add("holds a line break or another control character")
    return line


def _proxy(text: str, environ: Mapping[str, str], report: Report) -> str:
    """Return the URL of the proxy; empty for none, which a watch may say where the defaults name one."""
    if text == "none":
        return ""
    known = len(report.mistakes)
    url = _expanded(text, environ, report)
    if len(report.mistakes) > known or _is_stood_in(text, environ):
        return url
    if isinstance(read_url(url, _PROXY_SCHEMES), UrlFault):
        report.add("must be the URL of an HTTP proxy such as http://10.0.0.1:3128, or none")  # without the URL: secrets
    return url


def _is_stood_in(text: str, environ: Mapping[str, str]) -> bool:
    """Return whether a value in a text is not known here."""
    names = [match["name"] for match in _SECRET.finditer(text) if match["name"] is not None]
    return any(isinstance(environ.get(name), StandIn) for name in names)


def _body(written: object, environ: Mapping[str, str], report: Report) -> Body:
    match written:
        case dict() | list():
            content = json.dumps(_filled_in(written, environ, report), ensure_ascii=False, separators=(",", ":"))
            body = Body(content.encode(errors="replace"), "application/json")
        case str() | int() | Decimal() if not isinstance(written, bool):
            body = Body(_expanded(str(written), environ, report).encode(errors="replace"))
        case _:
            wanted = "must be a text, or a mapping or a list, which is sent as JSON"
            report.add(f"{wanted}; got {shown(written)}{text_advice(written)}")
            return Body(b"")
    if len(body.sent) > MAX_BODY_BYTES:
        report.add(f"has {len(body.sent):,} bytes, more than {MAX_BODY_BYTES:,}")
    return body


def _filled_in(value: object, environ: Mapping[str, str], report: Report) -> object:
    """Return the value as JSON takes it, with the secrets in its texts."""
    match value:
        case str():
            return _expanded(value, environ, report)
        case Decimal():
            return float(value)
        case dict():
            return {str(key): _filled_in(part, environ, report.at(str(key))) for key, part in value.items()}
        case list():
            return [_filled_in(part, environ, report.at(index)) for index, part in enumerate(value)]
        case _:
            return value


def _with_content_type(headers: Mapping[str, str], body: Body | None) -> Mapping[str, str]:
    if body is None or body.content_type is None or any(name.lower() == "content-type" for name in headers):
        return headers
    return {**headers, "Content-Type": body.content_type}


def _expanded(text: str, environ: Mapping[str, str], report: Report) -> str:
    """Return the text with `${NAME}` replaced and `$${` made `${`."""

    def replacement(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return "${"
        if not match[0].endswith("}") or not _VARIABLE.fullmatch(name):
            report.add("`${` begins a secret such as ${NAME}; write `$${` for the characters themselves")
        elif name.startswith(_OWN):
            report.add(f"${{{name}}} is a setting of watcher itself, and is sent to no page")
        elif name not in environ:
            report.add(f"${{{name}}} is not set in the environment")
        return environ.get(name, "")

    return _SECRET.sub(replacement, text) if "$" in text else text


def _wrong_page(url: str) -> str:
    """Return what is wrong with the URL of a page, whose dates are not filled in yet."""
    if "{" not in url:
        return _wrong_url(url)
    try:
        return _wrong_url(dated(url, _ANY_DAY, UTC))
    except ValueError as error:
        return str(error)


def _wrong_url(url: str) -> str:
    """Return what is wrong with the URL, without the URL: a secret may stand in it."""
    judged = read_web_url(url)
    if isinstance(judged, UrlFault):
        return _WRONG_URLS[judged]
    return _LOGIN if judged.has_login else ""
