"""
TLS of our own, without a proxy in front: the certificate that is shown, read again when its files change.

A context is never changed, for one that could load a certificate and not its key would be left without either: each
handshake is handed the newest good one.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import Certificate, InvalidVersion, load_pem_x509_certificates

from watcher.core.settings import TlsFiles
from watcher.errors import ConfigError

LOOK_EVERY: Final = timedelta(seconds=10)
_MAX_FILE_BYTES: Final = 1_000_000
_log = logging.getLogger(__name__)


class ServerTls:
    """The certificate of one server."""

    def __init__(self, files: TlsFiles, *, now: Callable[[], datetime]) -> None:
        """
        Args:
            now: the wall clock.

        Raises:
            ConfigError: the files cannot be used; the message names the one that is wrong.
        """
        self._files = files
        self._now = now
        self._seen = _state_of(files)
        self.context = _load(files, now=now())
        """what the server listens with"""
        self.context.sni_callback = self._choose
        self._newest = self.context

    async def follow(self, every: timedelta = LOOK_EVERY) -> None:
        """Look for changed files for ever. Files that cannot be used are logged, and the old certificate stays."""
        while True:
            await asyncio.sleep(every.total_seconds())
            await asyncio.to_thread(self._look)

    def _look(self) -> None:
        try:
            state = _state_of(self._files)
            if state == self._seen:
                return
            self._seen = state
            self._newest = _load(self._files, now=self._now())
        except ConfigError as error:
            _log.warning("the old certificate stays: %s", error)
        else:
            _log.info("%s was read again", self._files.certificate)

    def _choose(self, connection: ssl.SSLSocket | ssl.SSLObject, _name: str | None, _: ssl.SSLContext) -> None:
        # Called for each handshake, whether or not the client names a server (an address is no name).
        connection.context = self._newest


def _state_of(files: TlsFiles) -> tuple[tuple[int, int, int], ...]:
    """Return what differs once a file was written, or a link leads elsewhere. Raises ConfigError."""
    state = []
    for option, path in (("--tls-cert", files.certificate), ("--tls-key", files.key)):
        try:
            found = path.stat()
        except OSError as error:
            raise ConfigError(f"{option} {path}: {error.strerror}") from error
        state.append((found.st_mtime_ns, found.st_size, found.st_ino))
    return tuple(state)


def _load(files: TlsFiles, *, now: datetime) -> ssl.SSLContext:
    """Return a server's context with this certificate. Raises ConfigError."""
    certificate, public_key = _certificate(files.certificate)
    if public_key != _private_key(files.key).public_key():
        raise ConfigError(f"--tls-key {files.key}: it is not the key of the certificate in {files.certificate}")
    if certificate.not_valid_after_utc <= now:
        ended = f"{certificate.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"
        raise ConfigError(f"--tls-cert {files.certificate}: it expired at {ended}; renew it")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        # The password is never asked for: a key that came to be encrypted since must not stop us at a terminal.
        context.load_cert_chain(files.certificate, files.key, password="")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise ConfigError(f"--tls-cert {files.certificate}: it cannot be served: {reason}") from error
    return context


def _certificate(path: Path) -> tuple[Certificate, PublicKeyTypes]:
    try:
        certificate = load_pem_x509_certificates(_read("--tls-cert", path))[0]
        return certificate, certificate.public_key()
    except (ValueError, InvalidVersion, UnsupportedAlgorithm) as error:
        raise ConfigError(f"--tls-cert {path}: it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)") from error


def _private_key(path: Path) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(_read("--tls-key", path), password=None)
    except TypeError as error:
        advice = f"`openssl pkey -in {path} -out plain.key` writes one that is not"
        raise ConfigError(f"--tls-key {path}: it is encrypted with a password; {advice}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"--tls-key {path}: it holds no private key in PEM (-----BEGIN PRIVATE KEY-----)") from error


def _read(option: str, path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_FILE_BYTES)
    except OSError as error:
        raise ConfigError(f"{option} {path}: {error.strerror}") from error
