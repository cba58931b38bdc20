"""A watch's `url`, `headers` and the rest of its request, with secrets from the environment filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from watcher.config.models import WatchModel
from watcher.config.report import Report
from watcher.core.watch import Lane, Request

_SECRET = re.compile(r"\$\$\{|\$\{(?P<name>[^}]*)\}?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token of RFC 9110 §5.6.2
_NOT_IN_HEADER = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_NOT_IN_URL = re.compile("[\x00-\x20\x7f]")


def request_of(model: WatchModel, environ: Mapping[str, str], report: Report) -> Request:
    """Return the request of a watch whose headers are expanded already; mistakes go into the report."""
    return Request(
        url=_url(model.url, environ, report),
        headers=model.headers,
        timeout=model.timeout,
        encoding=model.encoding,
        allow_private=model.allow_private,
        lane=Lane(concurrency=model.per_host.concurrency, min_delay=model.per_host.min_delay),
    )


def expanded_headers(headers: Mapping[str, str], environ: Mapping[str, str], report: Report) -> dict[str, str]:
    """Return the headers as they are sent; mistakes go into the report, which never names a value."""
    names: dict[str, str] = {}
    for name in headers:
        if not _HEADER_NAME.fullmatch(name):
            report.add("is no name of a header", name, at_key=True)
        if names.setdefault(name.lower(), name) != name:
            report.add(f"is the same header as `{names[name.lower()]}`", name, at_key=True)
    expanded = {name: _expanded(value, environ, report.at(name)) for name, value in headers.items()}
    for name, value in expanded.items():
        if _NOT_IN_HEADER.search(value):
            report.add("holds a line break or another control character", name)
    return expanded


def with_own_headers(defaults: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return both, a watch's own in place of the default of that name; names are without case."""
    replaced = {name.lower() for name in own}
    return {name: value for name, value in defaults.items() if name.lower() not in replaced} | dict(own)


def _expanded(text: str, environ: Mapping[str, str], report: Report) -> str:
    """Return the text with `${NAME}` replaced and `$${` made `${`."""

    def replacement(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return "${"
        if not match[0].endswith("}") or not _VARIABLE.fullmatch(name):
            report.add("`${` begins a secret such as ${NAME}; write `$${` for the characters themselves")
        elif name not in environ:
            report.add(f"${{{name}}} is not set in the environment")
        return environ.get(name, "")

    return _SECRET.sub(replacement, text) if "$" in text else text


def _url(written: str, environ: Mapping[str, str], report: Report) -> str:
    known = len(report.mistakes)
    url = _expanded(written, environ, report.at("url"))
    if len(report.mistakes) == known and (wrong := _wrong_url(url)):
        report.add(wrong, "url")
    return url


def _wrong_url(url: str) -> str:
    """Return what is wrong with the URL, without the URL: a secret may stand in it."""
    if _NOT_IN_URL.search(url):
        return "must be a URL without blanks and control characters"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"must be a URL: {error}" if "port" not in str(error).lower() else "must be a URL; its port is no number"
    if parts.scheme not in ("http", "https"):
        return "must be a URL that begins with https:// or http://"
    if not parts.hostname or port == 0:
        return "must be a URL with a host"
    if parts.username is not None or parts.password is not None:
        return "must be a URL without credentials; send them in a header: `Authorization: ${NAME}`"
    return ""
