"""A certificate authority for tests, made with the `openssl` command."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

_EXTENSIONS = """
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:{host}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A host's certificate as its server uses it, and the file of the authority that vouches for it."""

    context: ssl.SSLContext
    authority: Path


def identity_of(host: str, folder: Path) -> Identity:
    """Return a certificate for this host, by an authority of its own. Without openssl the test is skipped."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate for an https client")
    (folder / "extensions").write_text(_EXTENSIONS.format(host=host), encoding="utf-8")
    new_key = "-config extensions -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    _openssl(folder, f"req -x509 {new_key} -extensions authority -days 2 -subj /CN=test -keyout ca.key -out ca.pem")
    _openssl(folder, f"req {new_key} -subj /CN={host} -keyout host.key -out host.csr")
    signed_by = "-CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions -extensions server"
    _openssl(folder, f"x509 -req -in host.csr {signed_by} -days 2 -out host.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "host.pem", folder / "host.key")
    return Identity(context=context, authority=folder / "ca.pem")


def _openssl(folder: Path, arguments: str) -> None:
    subprocess.run(["openssl", *arguments.split()], cwd=folder, check=True, capture_output=True, timeout=30)
