"""
A browser's push subscription, as its page posts it: `{endpoint, expirationTime, keys: {p256dh, auth}}`.

Strangers write it, and we send requests to the endpoint in it: only to a push service that is known, by https.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from yarl import URL

from watcher.core.urls import UrlFault, read_web_url
from watcher.core.values import Json
from watcher.errors import InvalidRequestError
from watcher.push.channels.webpush.encryption import AUTH_BYTES, is_point
from watcher.push.channels.webpush.keys import base64url

PUSH_SERVICES: Final = frozenset(
    {
        "fcm.googleapis.com",  # Chrome, Edge on Android, Samsung Internet, Opera
        "jmt17.google.com",  # Chromium without Google's keys
        "push.services.mozilla.com",
        "push.apple.com",
        "notify.windows.com",  # Edge on Windows
    }
)
"""Hosts that we send to; each stands for its subdomains too."""
MAX_BYTES: Final = 2_048
# What RFC 3986 lets stand in a URL; a fragment is never sent, so an endpoint has none.
_URL_CHARACTERS: Final = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+")
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]{1,200}={0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSubscription:
    """
    Where a browser is reached, and what its messages are encrypted with.

    Attributes:
        endpoint: the https address that its push service gave it. Whoever knows it is half-way to sending.
        p256dh: the browser's public key, 65 bytes.
        auth: the secret that it shares with us, 16 bytes.
    """

    endpoint: str = field(repr=False)
    p256dh: bytes = field(repr=False)
    auth: bytes = field(repr=False)

    @classmethod
    def parse(cls, posted: str | bytes, *, hosts: Collection[str] = PUSH_SERVICES) -> PushSubscription:
        """
        Read what a stranger posted.

        Members that are not known are left out, for browsers may add some; so is `expirationTime`, for a push
        service says itself when a subscription is over.

        Args:
            posted: JSON of at most 2,048 bytes.
            hosts: the push services that we send to, each with its subdomains.

        Raises:
            InvalidRequestError: it is no such subscription; the message names the field.
        """
        members = _members(posted)
        keys = members.get("keys")
        if not isinstance(keys, dict):
            raise InvalidRequestError("must be an object with p256dh and auth", field="keys")
        _check_expiration(members.get("expirationTime"))
        return cls(
            endpoint=_endpoint(members.get("endpoint"), hosts),
            p256dh=_p256dh(_bytes("keys.p256dh", keys.get("p256dh"))),
            auth=_auth(_bytes("keys.auth", keys.get("auth"))),
        )

    @property
    def text(self) -> str:
        """The one way it is stored, as an address's `value`; `parse` reads it."""
        keys = {"auth": base64url(self.auth), "p256dh": base64url(self.p256dh)}
        return json.dumps({"endpoint": self.endpoint, "keys": keys}, separators=(",", ":"))

    @property
    def fingerprint(self) -> str:
        """What identifies the browser: the SHA-256 of its endpoint, 64 hex digits."""
        return hashlib.sha256(self.endpoint.encode()).hexdigest()

    @property
    def url(self) -> URL:
        """The endpoint, byte for byte."""
        return URL(self.endpoint, encoded=True)

    @property
    def origin(self) -> str:
        """The origin of its push service, like `https://fcm.googleapis.com`."""
        return f"https://{self.url.raw_host}"


def _members(posted: str | bytes) -> dict[str, Json]:
    raw = posted.encode(errors="surrogatepass") if isinstance(posted, str) else posted
    if len(raw) > MAX_BYTES:
        raise InvalidRequestError(f"{len(raw)} bytes; at most {MAX_BYTES}", field="subscription")
    try:
        found: Json = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError("this is no JSON", field="subscription") from error
    if not isinstance(found, dict):
        raise InvalidRequestError("must be an object with endpoint and keys", field="subscription")
    return found


def _check_expiration(value: Json) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise InvalidRequestError("must be null or a number of milliseconds", field="expirationTime")


def _endpoint(value: Json, hosts: Collection[str]) -> str:
    """Return the endpoint with its host in small letters and without the port: one browser, one text."""
    if not isinstance(value, str) or not _URL_CHARACTERS.fullmatch(value):
        raise InvalidRequestError("must be an https address", field="endpoint")
    url = read_web_url(value)
    if isinstance(url, UrlFault):
        raise InvalidRequestError("must be an https address", field="endpoint")
    if url.scheme != "https" or url.port != 443 or url.has_login:
        raise InvalidRequestError("must be an https address, without a user, on port 443", field="endpoint")
    if not _is_of(url.host, hosts):
        raise InvalidRequestError(f"{url.host} is no push service that this server sends to", field="endpoint")
    return f"https://{url.host}{url.path or '/'}" + (f"?{url.query}" if url.query else "")


def _is_of(host: str, hosts: Collection[str]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def _bytes(name: str, value: Json) -> bytes:
    if not isinstance(value, str) or not _BASE64URL.fullmatch(value):
        raise InvalidRequestError("must be base64url", field=name)
    bare = value.rstrip("=")
    if len(bare) % 4 == 1:
        raise InvalidRequestError("must be base64url", field=name)
    return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def _p256dh(raw: bytes) -> bytes:
    if not is_point(raw):
        raise InvalidRequestError("keys.p256dh: must be an uncompressed point of P-256 (65 bytes)")
    return raw


def _auth(raw: bytes) -> bytes:
    if len(raw) != AUTH_BYTES:
        raise InvalidRequestError(f"keys.auth: {len(raw)} bytes; must be {AUTH_BYTES}")
    return raw
