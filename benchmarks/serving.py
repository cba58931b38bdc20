"""The benchmark's site, run in a process and on a core of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from benchmarks.costs import SITE_CORE
from benchmarks.pages import Layout, Phase
from benchmarks.site import address

_SECONDS: Final = 30
_LOOK_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the site was asked since its phase began."""

    requests: int
    not_modified: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProcess:
    """
    The site while it runs.

    Attributes:
        places: address and port of each of its hosts.
        url: of the first host, without a slash at its end.
    """

    places: Sequence[tuple[str, int]]
    url: str
    _client: aiohttp.ClientSession

    def pages(self, number: int, layout: Layout = Layout.EARLY) -> list[str]:
        """Return the URLs of so many pages of the first host."""
        return [f"{self.url}/{layout}/{page}" for page in range(number)]

    async def show(self, phase: Phase) -> None:
        """Begin a phase, and to count anew."""
        async with self._client.post(f"{self.url}/phase/{phase}") as response:
            response.raise_for_status()

    async def counted(self) -> Counted:
        """Return what it was asked."""
        async with self._client.get(f"{self.url}/requests") as response:
            response.raise_for_status()
            return Counted(**await response.json())

    async def was_asked(self, requests: int, *, limit_seconds: float = _SECONDS) -> Counted:
        """Wait until it was asked so often since the phase began. Raises TimeoutError."""
        async with asyncio.timeout(limit_seconds):
            while (counted := await self.counted()).requests < requests:  # noqa: ASYNC110 another process counts
                await asyncio.sleep(_LOOK_SECONDS)
            return counted


@asynccontextmanager
async def serving(
    *, hosts: int = 1, latency_seconds: float = 0, is_closing: bool = False, certificate: Path | None = None
) -> AsyncIterator[SiteProcess]:
    """
    Run the site until the end of the block.

    Args:
        is_closing: it closes each connection after its answer.
        certificate: of `write_certificate`; it serves https then.
    """
    options = ["--hosts", str(hosts), "--latency", str(latency_seconds), "--core", str(SITE_CORE)]
    options += ["--close"] if is_closing else []
    options += ["--certificate", str(certificate)] if certificate else []
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.site", *options, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_SECONDS):
            places = [(host, port) for host, port in json.loads(await process.stdout.readline())]
        url = f"{'https' if certificate else 'http'}://{places[0][0]}:{places[0][1]}"
        connector = aiohttp.TCPConnector(ssl=False)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=_SECONDS)) as client:
            yield SiteProcess(places=places, url=url, _client=client)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def write_certificate(directory: Path) -> Path:
    """Write a certificate that is its own authority, with its key, for the first host of the site."""
    now, host = datetime.now(UTC), address(0)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(host))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = directory / "site.pem"
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return path
