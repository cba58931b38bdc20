"""
The deployment's VAPID key pair: one file, made once, or a copy of the one that all servers of a database share.

Browsers bind their subscriptions to it for life, so it is never overwritten: with another key nobody is reached.
"""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from watcher.errors import ConfigError, StoreError
from watcher.push.channels.webpush.encryption import CURVE, encoded_point
from watcher.store.files import sync

KEY_FILE: Final = "vapid.pem"
_MAX_FILE_BYTES: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VapidKeys:
    """
    The pair.

    Attributes:
        public: what a page gives to `subscribe` as `applicationServerKey`: 87 characters of base64url.
    """

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    public: str

    @classmethod
    def of(cls, private: ec.EllipticCurvePrivateKey) -> VapidKeys:
        """Return the pair of this private key, which is on P-256."""
        return cls(private=private, public=base64url(encoded_point(private.public_key())))


def base64url(raw: bytes) -> str:
    """Return base64url without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def keys_of(directory: Path) -> VapidKeys:
    """
    Return the key pair of this data directory, which exists; the first call makes `vapid.pem`, with mode 0600.

    Of several processes that make it at the same time one wins, and all return the winner's.

    Raises:
        ConfigError: there is a file that is no key of ours, or that others can read.
        StoreError: the file cannot be read or written.
    """
    return take_key(directory, _new_pem)


def take_key(directory: Path, made: Callable[[], str]) -> VapidKeys:
    """Do as `keys_of`, with a key of somebody else's making where there is none."""
    path = directory / KEY_FILE
    try:
        if not os.path.lexists(path):
            _make(path, made().encode())
        return VapidKeys.of(_parsed(_read(path), path))
    except OSError as error:
        raise StoreError(f"cannot read or make {path}: {error.strerror}") from error


def take_common_key(directory: Path, common: Callable[[Callable[[], str]], str]) -> None:
    """
    Let a data directory have the key that several share; its own, or a new one, becomes that where there is none.

    Args:
        common: returns theirs, in PEM; where there is none, what it is given makes it.

    Raises as `keys_of`, and ConfigError: the directory has another one.
    """
    path = directory / KEY_FILE

    def own() -> str:
        if not os.path.lexists(path):
            return _new_pem()  # not written: another one may be first
        keys_of(directory)
        return _read(path).decode()

    theirs = common(own)
    keys = take_key(directory, lambda: theirs)
    if keys.public != VapidKeys.of(_parsed(theirs.encode(), path)).public:
        raise ConfigError(
            f"{path} is another key than the one that the servers of the database share, with which browsers have "
            "subscribed: move it away, and start again"
        )


def _new_pem() -> str:
    key = ec.generate_private_key(CURVE)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _make(path: Path, pem: bytes) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link, for unlike a rename it never takes the place of a file that came in between.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    sync(path.parent)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode & 0o777
        if mode & 0o077:
            raise ConfigError(f"{path} can be read by others (mode {mode:04o}); run `chmod 600 {path}`")
        return file.read(_MAX_FILE_BYTES)


def _parsed(pem: bytes, path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise ConfigError(
        f"{path} is no P-256 private key in PEM; restore it from a backup, "
        "or remove it for a new one, with which every browser has to subscribe again"
    )
