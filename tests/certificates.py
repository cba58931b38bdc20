"""Certificates made at run time, for servers on loopback, and clients that believe them."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A certificate that is its own authority, and its key."""

    certificate: bytes
    key: ec.EllipticCurvePrivateKey
    serial: int

    def client(self) -> ssl.SSLContext:
        """Return a context that believes this certificate and no other."""
        return ssl.create_default_context(cadata=self.certificate.decode())

    def server(self, directory: Path) -> ssl.SSLContext:
        """Return a context that shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.write(directory))
        return context

    def write(self, directory: Path) -> tuple[Path, Path]:
        """Write `cert.pem` and `key.pem` there, over those of before; return their paths."""
        (directory / "cert.pem").write_bytes(self.certificate)
        return directory / "cert.pem", self.write_key(directory)

    def write_key(self, directory: Path, *, password: bytes | None = None) -> Path:
        """Write `key.pem` alone; return its path."""
        protection: KeySerializationEncryption = BestAvailableEncryption(password) if password else NoEncryption()
        path = directory / "key.pem"
        path.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection))
        return path


def an_identity(*, names: Sequence[str] = ("localhost",), ends_in: timedelta = timedelta(days=60)) -> Identity:
    """Make one for 127.0.0.1 and these names that is good since a hundred days ago."""
    now = datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "push.example")])
    hosts = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST)), *map(x509.DNSName, names)])
    serial = x509.random_serial_number()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(now - timedelta(days=100))
        .not_valid_after(now + ends_in)
        .add_extension(hosts, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Identity(certificate=certificate.public_bytes(Encoding.PEM), key=key, serial=serial)
