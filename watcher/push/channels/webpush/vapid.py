"""Who sends, in the words of RFC 8292: a signed token for each push service, made once for half its life."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Struct

from watcher.push.channels.webpush.keys import VapidKeys, base64url
from watcher.push.channels.webpush.settings import checked_subject

LIFE: Final = timedelta(hours=12)
"""Half of what RFC 8292 §2 allows, so that a clock of ours that is hours ahead does no harm."""
MAX_ORIGINS: Final = 100
_HEADER: Final = base64url(b'{"typ":"JWT","alg":"ES256"}')


class _Token(Struct, frozen=True, kw_only=True):
    text: str
    made_at: datetime


class Vapid:
    """Makes the `Authorization` of push requests."""

    def __init__(self, keys: VapidKeys, subject: str, *, now: Callable[[], datetime]) -> None:
        """
        Args:
            subject: whom a push service asks when something is wrong: a `mailto:` or an https URL.

        Raises:
            ConfigError: it is neither, or nobody can be reached there.
        """
        self._keys = keys
        self._subject = checked_subject(subject)
        self._now = now
        self._tokens: dict[str, _Token] = {}

    def authorization(self, origin: str) -> str:
        """Return the value of the header for a push service, like `https://fcm.googleapis.com`."""
        return f"vapid t={self._token(origin)}, k={self._keys.public}"

    def _token(self, origin: str) -> str:
        now = self._now()
        token = self._tokens.get(origin)
        # From the future: the clock was set back, and the token may last for longer than is allowed.
        if token is None or not timedelta(0) <= now - token.made_at < LIFE / 2:
            token = _Token(text=self._signed(origin, now + LIFE), made_at=now)
            self._keep(origin, token)
        return token.text

    def _keep(self, origin: str, token: _Token) -> None:
        self._tokens.pop(origin, None)
        self._tokens[origin] = token
        if len(self._tokens) > MAX_ORIGINS:
            del self._tokens[next(iter(self._tokens))]

    def _signed(self, origin: str, expires_at: datetime) -> str:
        claims = {"aud": origin, "exp": int(expires_at.timestamp()), "sub": self._subject}
        said = f"{_HEADER}.{base64url(json.dumps(claims, separators=(',', ':')).encode())}"
        r, s = decode_dss_signature(self._keys.private.sign(said.encode(), ec.ECDSA(SHA256())))
        # RFC 7518 §3.4: the two numbers side by side, not ASN.1.
        return f"{said}.{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
