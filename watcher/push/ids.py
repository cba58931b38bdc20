"""Tokens, uids, slugs and record ids: random, and too many to guess."""

from __future__ import annotations

import base64
import hashlib
import secrets
import string
from typing import Final

from watcher.core.mirrors import MIRROR_PREFIX

_ALPHABET: Final = string.ascii_letters + string.digits
_LEFT_OVER: Final = bytes(range(256 - 256 % len(_ALPHABET), 256))
_LETTER_OF: Final = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_SECRET_LENGTH: Final = 32
_SLUG_LENGTH: Final = 28
"""28 of 62 characters are 166 bits."""
_CODE_LENGTH: Final = 64
INBOX_TOPIC: Final = "inbox_"
_PASSWORD_LENGTH: Final = 20
_NUMBER_BITS: Final = 53


def new_app_token() -> str:
    """Return `AT_` and 32 letters and digits (190 bits)."""
    return "AT_" + _random(_SECRET_LENGTH)


def new_uid() -> str:
    """Return `UID_` and 28 letters and digits."""
    return "UID_" + _random(_SLUG_LENGTH)


def new_mirror_uid() -> str:
    """Return `BOT_` and 28 letters and digits: of a topic's mirror, which no person reads."""
    return MIRROR_PREFIX + _random(_SLUG_LENGTH)


def new_spt() -> str:
    """Return `SPT_` and 32 letters and digits (190 bits)."""
    return "SPT_" + _random(_SECRET_LENGTH)


def new_secret() -> str:
    """
    Return 32 letters and digits (190 bits).

    Such are the cookies of devices and of the operator's sessions, claims, links that confirm, and signing keys.
    """
    return _random(_SECRET_LENGTH)


def new_webhook_secret() -> str:
    """Return `whsec_` and 32 random bytes in base64, as Standard Webhooks writes a key."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def new_password() -> str:
    """Return a password: 20 letters and digits (119 bits), few enough to be typed off a screen."""
    return _random(_PASSWORD_LENGTH)


def is_secret(text: str) -> bool:
    """Return whether a text from a cookie or a URL can be a secret at all; others are not worth a query."""
    return _is_random(text, _SECRET_LENGTH)


def new_digits() -> str:
    """Return 6 digits that say yes to a question: short, for people type them. Whoever asks counts wrong ones."""
    return f"{secrets.randbelow(10**6):06}"


def hash_digits(who: str, digits: str) -> str:
    """Return what is stored in their place. Digits are few, so they are one secret only with who has to type them."""
    return hash_token(f"{who} {digits}")


def new_slug() -> str:
    """Return the unguessable part of a page's address: 28 letters and digits (166 bits)."""
    return _random(_SLUG_LENGTH)


def hash_token(token: str) -> str:
    """
    Return what is stored in a token's place.

    A plain SHA-256 will do, for tokens are random: there is nothing to guess from. Takes any text.
    """
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def key_mark(key: str) -> str:
    """Return a short fingerprint of a key: 16 hex digits; empty for an empty key."""
    return hash_token(key)[:16] if key else ""


def is_slug(text: str) -> bool:
    """Return whether a text from a URL can be a slug at all; others are not worth a query."""
    return _is_random(text, _SLUG_LENGTH)


def new_inbox_topic() -> str:
    """Return the secret name by which ntfy's apps follow an inbox: `inbox_` and 28 letters and digits (166 bits)."""
    return INBOX_TOPIC + _random(_SLUG_LENGTH)


def is_inbox_topic(text: str) -> bool:
    """Return whether a text from a URL can be such a name at all; others are not worth a query."""
    return text.startswith(INBOX_TOPIC) and is_slug(text.removeprefix(INBOX_TOPIC))


def new_code() -> str:
    """Return the code of a parametric QR code: 64 letters and digits. Its beginning is the slug of its page."""
    return _random(_CODE_LENGTH)


def slug_of_code(code: str) -> str:
    """Return the slug of the page behind a QR code: its first 28 characters (166 bits)."""
    return code[:_SLUG_LENGTH]


def is_code(text: str) -> bool:
    """Return whether a text from a URL can be a QR code's code at all."""
    return _is_random(text, _CODE_LENGTH)


def new_record_id() -> int:
    """
    Return the number by which anybody may ask how a send stands: 1 to 2^53 - 1, drawn.

    JSON numbers keep their digits up to there. Of ten million in use, a guess hits one in a thousand million.
    """
    return secrets.randbits(_NUMBER_BITS) or new_record_id()


def new_access_token() -> str:
    """Return `WT_` and 32 letters and digits (190 bits)."""
    return "WT_" + _random(_SECRET_LENGTH)


def _random(length: int) -> str:
    """Return so many letters and digits, each as likely as any other: bytes that would favour some are left out."""
    text = ""
    while len(text) < length:
        text += secrets.token_bytes(2 * length).translate(_LETTER_OF, _LEFT_OVER).decode()
    return text[:length]


def _is_random(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isalnum()
