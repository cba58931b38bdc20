"""
How WeChat signs and seals what it sends to the callback.

    signature      sha1 in hex of the sorted token, timestamp, nonce
    msg_signature  the same with the sealed text as the fourth
    sealed         base64 of AES-256-CBC(16 random bytes | 4-byte length, big-endian | XML | app id)
    key            base64 of EncodingAESKey + "="; the IV is its first 16 bytes
    padding        PKCS#7 to blocks of 32 bytes, which no library offers for AES

Source: the official account's "message encryption" guide; held against wechatpy in the tests.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SALT_BYTES: Final = 16
_LENGTH_BYTES: Final = 4
_BLOCK: Final = 32
_AES_BLOCK: Final = 16


def signature(*parts: str) -> str:
    """Return WeChat's signature of the parts, whatever their order."""
    # SHA-1 is WeChat's choice; the secret token among the parts makes collisions of no use.
    joined = "".join(sorted(parts)).encode(errors="surrogatepass")
    return hashlib.sha1(joined).hexdigest()  # noqa: S324


def is_signed(claimed: str, *parts: str) -> bool:
    """Return whether the signature is right, in constant time."""
    return hmac.compare_digest(claimed.encode(errors="surrogatepass"), signature(*parts).encode())


class Seal:
    """Seals and opens XML with the account's EncodingAESKey. What it opens must have been signed: check that first."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        """`aes_key`: 43 letters and digits."""
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:_AES_BLOCK]))
        self._app_id = app_id.encode()

    def close(self, xml: bytes, *, salt: bytes) -> str:
        """Return the sealed text; `salt`: 16 fresh random bytes."""
        plain = salt + len(xml).to_bytes(_LENGTH_BYTES, "big") + xml + self._app_id
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> bytes | None:
        """Return the XML, None for what was not sealed with this key for this account."""
        try:
            encrypted = base64.b64decode(sealed, validate=True)
        except ValueError:
            return None
        if not encrypted or len(encrypted) % _AES_BLOCK:
            return None
        decryptor = self._cipher.decryptor()
        return self._xml(decryptor.update(encrypted) + decryptor.finalize())

    def _xml(self, padded: bytes) -> bytes | None:
        padding = padded[-1]
        if not 1 <= padding <= _BLOCK or padded[-padding:] != bytes([padding]) * padding:
            return None
        plain = padded[SALT_BYTES:-padding]
        length = int.from_bytes(plain[:_LENGTH_BYTES], "big")
        xml, app_id = plain[_LENGTH_BYTES : _LENGTH_BYTES + length], plain[_LENGTH_BYTES + length :]
        if len(xml) != length or not hmac.compare_digest(app_id, self._app_id):
            return None
        return xml
