"""The operator's SMTP server, from one URL, and whom the mails are from."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import unquote

from msgspec import Struct

from watcher.core.urls import Url, UrlFault, read_url
from watcher.core.words import clean, one_line
from watcher.errors import ConfigError, InvalidRequestError
from watcher.push.channels.email.address import valid_mail_address
from watcher.push.channels.offered import Channels, Deployment


class Security(StrEnum):
    """How the connection is kept private; the value is the URL's scheme."""

    PLAIN = "smtp"
    """not at all: for a relay on this machine or in its network, without a password"""
    TLS = "smtps"
    """TLS from the first byte"""
    STARTTLS = "smtp+starttls"
    """TLS by STARTTLS before anything is said; a server that does not offer it is not used"""


_PORTS: Final = {Security.PLAIN: 25, Security.TLS: 465, Security.STARTTLS: 587}
_SCHEMES: Final = frozenset(Security)
_FORM: Final = "smtps://user:password@mail.example.org or smtp+starttls://user:password@mail.example.org:587"
_WRONG_URLS: Final = {
    UrlFault.CHARACTERS: "no white space and no control characters; percent-encode what the password has of them",
    UrlFault.SCHEME: f"write {_FORM}",
    UrlFault.HOST: f"it names no server; write {_FORM}",
    UrlFault.PORT: "the port is a number from 1 to 65535; percent-encode `@` and `:` in the password",
}
_NAMED: Final = re.compile(r'"?(?P<name>[^"<>]*?)"?\s*<(?P<address>[^<>]*)>')


class Sender(Struct, frozen=True, kw_only=True):
    """Whom the mails are from. `name`: one line, may be empty."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """What our message ids end with."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """
    Where mails are handed in, and whom they are from.

    Attributes:
        host: a name or an IP address.
        user, password: None for a server that asks for none; both or neither.
    """

    host: str
    port: int
    security: Security
    sender: Sender
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


def set_up(deployment: Deployment, offered: Channels) -> None:
    """Offer mail where the environment names a server and a sender. Raises ConfigError."""
    url, sender = named(deployment.environ)
    if not url and not sender:
        return
    if not (url and sender):
        raise ConfigError("WATCHER_SMTP_URL and WATCHER_MAIL_FROM belong together; set both, or neither for no mail")
    from watcher.push.channels.email.channel import EmailChannel

    channel = EmailChannel(mail_settings(url, sender), f"{deployment.settings.public_url}/subscriptions")
    offered.by_name[channel.name] = offered.asking[channel.name] = channel


def named(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the server's URL and the sender; each is empty when it is not set."""
    return environ.get("WATCHER_SMTP_URL", "").strip(), environ.get("WATCHER_MAIL_FROM", "").strip()


def mail_settings(url: str, sender: str) -> MailSettings:
    """
    Return what WATCHER_SMTP_URL and WATCHER_MAIL_FROM say.

    The URL is `SCHEME://[USER:PASSWORD@]HOST[:PORT]` with a scheme of `Security`; without a port: 25, 465 or 587.
    `@ : / ? # %` in the user or the password are percent-encoded. The sender is `name@example.org` or
    `Some Name <name@example.org>`.

    Raises:
        ConfigError: one of them cannot be used; nothing of a URL that has a login is quoted.
    """
    parts = _parts(url.strip())
    security, host = Security(parts.scheme), parts.host
    user, password = _login(parts)
    if user is not None and security is Security.PLAIN and not _is_this_machine(host):
        raise _wrong("smtp:// would send the password for everybody to read; write smtps:// or smtp+starttls://")
    return MailSettings(
        host=host,
        port=parts.port or _PORTS[security],
        security=security,
        sender=_sender(sender),
        user=user,
        password=password,
    )


def _parts(url: str) -> Url:
    parts = read_url(url, _SCHEMES)
    if isinstance(parts, UrlFault):
        raise _wrong(_WRONG_URLS[parts])
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise _wrong("nothing may follow host and port; percent-encode `/`, `?` and `#` in the password")
    # No certificate names a host with a dot at its end.
    if not parts.host.isascii() or parts.host.endswith("."):
        raise _wrong(_WRONG_URLS[UrlFault.HOST])
    return parts


def _login(parts: Url) -> tuple[str | None, str | None]:
    if parts.login is None:
        return None, None
    user, _, password = parts.login.partition(":")
    try:
        decoded = unquote(user, errors="strict"), unquote(password, errors="strict")
    except UnicodeDecodeError:
        raise _wrong("user and password are percent-encoded UTF-8") from None
    if "@" in parts.login or not all(text and text.isprintable() for text in decoded):
        raise _wrong("a login is user:password; percent-encode `@`, `:`, `/`, `?`, `#` and `%` in either")
    return decoded


def _sender(text: str) -> Sender:
    named = _NAMED.fullmatch(text.strip())
    name, address = (named["name"], named["address"]) if named else ("", text)
    if name != one_line(clean(name)):
        raise ConfigError("WATCHER_MAIL_FROM: the name is one line of readable characters")
    try:
        return Sender(address=valid_mail_address(address), name=name)
    except InvalidRequestError:
        raise ConfigError(
            "WATCHER_MAIL_FROM: write the address that the mails are from, like Watcher <watcher@example.org>"
        ) from None


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)


def _wrong(text: str) -> ConfigError:
    return ConfigError(f"WATCHER_SMTP_URL: {text}")
