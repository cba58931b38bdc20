"""
What a browser can read and its push service cannot: RFC 8291 over the aes128gcm content coding of RFC 8188.

    body       salt (16) | record size (4) | 65 | our ephemeral public key (65) | one record, sealed
    record     plaintext | 0x02 | zeros up to a multiple of 256 bytes, so that its length tells little

A push service need not take more than 4,096 bytes (RFC 8030 §7.2), which leaves 3,993 for the plaintext.
"""

from __future__ import annotations

import hmac
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MAX_PLAINTEXT_BYTES: Final = 3_993
POINT_BYTES: Final = 65
"""A point of P-256, uncompressed: 0x04, x, y."""
AUTH_BYTES: Final = 16
SALT_BYTES: Final = 16
CURVE: Final = ec.SECP256R1()

_RECORD_SIZE: Final = (4_096).to_bytes(4, "big")
_LAST_RECORD: Final = b"\x02"


def encrypt(
    plaintext: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    ephemeral: ec.EllipticCurvePrivateKey,
    salt: bytes,
    multiple: int = 256,
) -> bytes:
    """
    Return the body of a push request.

    Args:
        plaintext: at most 3,993 bytes.
        p256dh: the browser's public key, 65 bytes.
        auth: the secret that the browser shares with us, 16 bytes.
        ephemeral: on P-256; a fresh one for every message.
        salt: 16 random bytes; fresh ones for every message.
        multiple: what the record is padded to; 1: not at all.

    Raises:
        ValueError: the plaintext is too long, or the key is no point of the curve.
    """
    record = _padded(plaintext, multiple)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, p256dh)
    ours = encoded_point(ephemeral.public_key())
    # RFC 8291 §3.4: the ECDH secret and the shared one; then RFC 8188 §2.2 and §2.3.
    shared = hmac.digest(auth, ephemeral.exchange(ec.ECDH(), theirs), "sha256")
    key_material = _expand(shared, b"WebPush: info\0" + p256dh + ours)
    secret = hmac.digest(salt, key_material, "sha256")
    key = _expand(secret, b"Content-Encoding: aes128gcm\0")[:16]
    nonce = _expand(secret, b"Content-Encoding: nonce\0")[:12]
    return salt + _RECORD_SIZE + bytes([len(ours)]) + ours + AESGCM(key).encrypt(nonce, record, None)


def encoded_point(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return the key as browsers write it: 65 bytes, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def is_point(encoded: bytes) -> bool:
    """Return whether these bytes are a point of P-256, uncompressed."""
    if len(encoded) != POINT_BYTES:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, encoded)
    except ValueError:
        return False
    return True


def _padded(plaintext: bytes, multiple: int) -> bytes:
    if len(plaintext) > MAX_PLAINTEXT_BYTES:
        raise ValueError(f"{len(plaintext)} bytes of plaintext; a push message takes {MAX_PLAINTEXT_BYTES}")
    marked = plaintext + _LAST_RECORD
    size = -(-len(marked) // multiple) * multiple
    return marked.ljust(min(size, MAX_PLAINTEXT_BYTES + 1), b"\0")


def _expand(secret: bytes, about: bytes) -> bytes:
    """HKDF-Expand (RFC 5869 §2.3) of one block: 32 bytes."""
    return hmac.digest(secret, about + b"\x01", "sha256")
