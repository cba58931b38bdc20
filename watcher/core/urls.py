"""
What makes a text a URL that can be asked for or opened. Everybody who takes one asks here, and keeps only the words.

| part | what is refused |
|---|---|
| characters | blanks, control characters, what cannot be seen or reorders the text, half a surrogate pair |
| scheme | none, and any but those that the caller names; the case of its letters does not matter |
| login | a backslash, brackets; the caller says whether there may be one (`has_login`); the last `@` ends it |
| host | none, over 253 characters, an empty part or one over 63, a backslash, `%` and the like, Punycode that is none |
| port | 0, over 65535, what is no number |
| path, query, fragment | nothing |

A host is a name as DNS has it, with `_` too, or one of another alphabet that IDNA takes; an IPv4 address, or an IPv6
one in brackets. A refusal is a value and no error, for each caller says it in words of its own; it holds nothing of
the text, in which a secret may stand.
What is taken here, yarl takes too, with the same scheme, host and port: what is judged is what is asked for.
Sources: RFC 3986, RFC 5891 (IDNA), and for what browsers do https://url.spec.whatwg.org.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from msgspec import Struct

from watcher.core.addresses import is_public

WEB_SCHEMES: Final = frozenset({"http", "https"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_MAX_PORT: Final = 65_535
_MAX_HOST: Final = 253  # as text; 255 octets on the wire (RFC 1035 §2.3.4)
# Joiners (U+200C, U+200D) are part of words in Persian and Hindi, which stand in paths.
_UNFIT: Final = re.compile(
    "[\\s\0-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# Browsers take a backslash for a slash, so that the host is another one to them; brackets begin an IPv6 address.
_UNFIT_IN_LOGIN: Final = frozenset("\\[]")
_PARTS: Final = re.compile(
    r"\A(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?://(?P<authority>[^/?#]*))?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?"
)
_ADDRESS: Final = re.compile(r"(?P<host>\[[^\[\]]*\]|[^\[\]:]*)(?::(?P<port>.*))?")
_DIGITS: Final = re.compile(r"0*(?P<number>[0-9]{1,5})", re.ASCII)
# With letters of other alphabets, of which `_is_international` says the rest.
# What is left out are the other signs of ASCII: a range up to U+10FFFF takes 9 ms to compile, at each start.
_OF_NAMES: Final = r"[^\x00-\x2c\x2e\x2f\x3a-\x5e\x60\x7b-\x7f]"
_NAME: Final = re.compile(rf"(?:{_OF_NAMES}{{1,63}}\.)*{_OF_NAMES}{{1,63}}\.?")
_APP: Final = re.compile(
    r"\A(?:(?P<scheme>[a-z][a-z0-9+.-]*)://(?![^/?#]*[\[\]])|mailto:|tel:).+", re.IGNORECASE | re.ASCII
)
_NO_APP: Final = WEB_SCHEMES | {
    "javascript",
    "vbscript",
    "data",
    "blob",
    "file",
    "filesystem",
    "about",
    "view-source",
    "jar",
}
"""Schemes that a browser keeps for itself, `javascript://%0aalert(1)` among them."""


class UrlFault(Enum):
    """Why a text is no such URL; the first part that is wrong."""

    CHARACTERS = auto()
    SCHEME = auto()
    HOST = auto()
    PORT = auto()
    LOGIN = auto()
    """Only of what is to have none."""
    REST = auto()
    """A query or a fragment, where a path is to be the end."""


class Url(Struct, frozen=True, kw_only=True):
    """
    The parts of a URL that was found good, as they are written but for scheme and host, which are in small letters.

    Attributes:
        host: of an IPv6 address without the brackets.
        port: the scheme's own where none is written, 0 where the scheme has none.
        path, query, fragment: empty when there is none.
        login: what stands before the `@`; None when there is no `@`.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str
    fragment: str
    login: str | None

    def __repr__(self) -> str:
        """Without what may be secret."""
        return f"Url(scheme={self.scheme!r}, host={self.host!r}, port={self.port}, path={self.path!r})"

    @property
    def has_login(self) -> bool:
        """True when it names a user or a password, or has an `@` where one would end."""
        return self.login is not None

    @property
    def server(self) -> str:
        """Host and port as browsers say them: without a port that is the scheme's own, an IPv6 address in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS.get(self.scheme) else f"{host}:{self.port}"


def read_web_url(text: str) -> Url | UrlFault:
    """Return the parts of an http or https URL, or why it is none."""
    return read_url(text, WEB_SCHEMES)


def read_base_url(text: str) -> Url | UrlFault:
    """Return the parts of a web server's URL, to which paths are added; it may have a path, and no login."""
    url = read_web_url(text)
    if isinstance(url, UrlFault):
        return url
    if url.has_login:
        return UrlFault.LOGIN
    return UrlFault.REST if "?" in text or "#" in text else url


@lru_cache(maxsize=256)
def read_url(text: str, schemes: frozenset[str]) -> Url | UrlFault:
    """Return the parts of a URL with a host, or why it is none. `schemes`: those that are taken, in small letters."""
    if _UNFIT.search(text):
        return UrlFault.CHARACTERS
    parts = _PARTS.fullmatch(text)
    if parts is None or parts["scheme"].lower() not in schemes:
        return UrlFault.SCHEME
    scheme = parts["scheme"].lower()
    server = _server(parts["authority"] or "", scheme)
    if isinstance(server, UrlFault):
        return server
    host, port, login = server
    return Url(
        scheme=scheme,
        host=host,
        port=port,
        path=parts["path"],
        query=parts["query"] or "",
        fragment=parts["fragment"] or "",
        login=login,
    )


def looks_like_web_url(text: str) -> bool:
    """Return whether this is meant as an http or https URL, where something else may be meant as well."""
    return text[:8].lower().startswith(("http://", "https://"))


def with_scheme(text: str) -> str:
    """Return what was typed as the address of a page: with `https://` where `shop.example/book` has no scheme."""
    url = read_base_url(f"https://{text.partition('?')[0]}")
    return f"https://{text}" if isinstance(url, Url) and "." in url.host else text


def is_web_url(text: str) -> bool:
    """Return whether this is an http or https URL; one with a login is one too."""
    return isinstance(read_web_url(text), Url)


def host_of(text: str) -> str:
    """Return the host of an http or https URL in small letters; empty when the text is none."""
    url = read_web_url(text)
    return url.host if isinstance(url, Url) else ""


def is_private_host(host: str) -> bool:
    """Return whether a host is not public by its own words: `localhost`, or a literal address that is denied."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return not is_public(str(address))


def port_of(text: str) -> int | None:
    """Return the port of an http or https URL, the scheme's own where none is written; None when the text is none."""
    url = read_web_url(text)
    return url.port if isinstance(url, Url) else None


def opens_app(text: str) -> bool:
    """Return whether a link opens an app, as `weixin://…`, `tel:…` and `mailto:…` do, and nothing in the browser."""
    found = _APP.fullmatch(text)
    return found is not None and (found["scheme"] or "").lower() not in _NO_APP and not _UNFIT.search(text)


def without_login(text: str) -> str:
    """Return a URL that was found good without what stands before the `@` of its host."""
    scheme, _, rest = text.partition("://")
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    return f"{scheme}://{rest[authority.rfind('@') + 1 :]}"


def escaped(text: str) -> str:
    """Return a URL with what must not stand in one percent-encoded, as browsers do with the links of a page."""
    return _UNFIT.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode(errors="replace")), text)


@lru_cache(maxsize=256)  # many URLs have one server
def _server(authority: str, scheme: str) -> tuple[str, int, str | None] | UrlFault:
    """Return the host, the port and the login of a URL, or what is wrong there."""
    login, at, address = authority.rpartition("@")
    found = _ADDRESS.fullmatch(address)
    host = _host(found["host"].lower()) if found else None
    if found is None or host is None or not _UNFIT_IN_LOGIN.isdisjoint(login):
        return UrlFault.HOST
    port = _port(found["port"]) if found["port"] else _DEFAULT_PORTS.get(scheme, 0)
    if port is None:
        return UrlFault.PORT
    if (not authority.isascii() or "xn--" in host) and not _is_international(authority):
        return UrlFault.HOST
    return host, port, login if at else None


def _port(text: str) -> int | None:
    found = _DIGITS.fullmatch(text)
    number = int(found["number"]) if found else 0
    return number if 0 < number <= _MAX_PORT else None


def _host(host: str) -> str | None:
    """Return the host without brackets; None when it is none. Its letters are small ones."""
    if host.startswith("["):
        return host[1:-1] if _is_ipv6(host[1:-1]) else None
    return host if len(host) <= _MAX_HOST and _NAME.fullmatch(host) else None


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text.replace("%25", "%"))  # RFC 6874 writes a zone so
    except ValueError:
        return False
    return True


def _is_international(authority: str) -> bool:
    """Return whether a name of another alphabet, or its Punycode, is one, by what will ask for it."""
    from yarl import URL  # 30 ms, and few hosts have such a name

    try:
        return bool(URL(f"http://{authority}").host)
    except ValueError:
        return False
