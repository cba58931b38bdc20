"""The base URL: whether it can be read, who can reach it, what answers there, and when."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Final

from aiohttp import ClientConnectorCertificateError, ClientConnectorDNSError, ClientConnectorSSLError
from msgspec import Struct
from yarl import URL

from watcher.core.addresses import is_public
from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.urls import UrlFault, read_base_url
from watcher.core.wording import worded
from watcher.errors import WatcherError
from watcher.net import NO_ANSWER, Sessions
from watcher.net.resolver import Resolver

CLOCK_OFF: Final = timedelta(seconds=60)
"""VAPID's and WeChat's signatures carry a time."""
RENEW_BEFORE: Final = timedelta(days=14)
"""certbot and Caddy renew a month before the end: half a month later something has stopped doing so."""
_MAX_BODY_BYTES: Final = 1_000
_LOCAL_NAMES: Final = (".local", ".lan", ".home.arpa", ".internal")
_AROUND: Final = worded(
    "doctor_around", "some routers do not lead a machine to its own public address: try it from a phone, too"
)


class _Visit(Struct, frozen=True, kw_only=True):
    """What the base URL answered, and when by our clock."""

    status: int
    body: bytes
    leads_to: str
    date: str
    at: datetime


async def check_address(
    base_url: str | None, sessions: Sessions, *, now: Callable[[], datetime], seconds: float
) -> Sequence[Finding]:
    """
    Return what there is to say of the base URL.

    Args:
        base_url: None: nobody said, and no server wrote it down.
        now: the wall clock.
        seconds: for everything that goes over the network.
    """
    if base_url is None:
        text = worded("doctor_address_unknown", "it is not known where people reach the server")
        advice = worded(
            "doctor_set_address",
            "set WATCHER_BASE_URL to where people reach the server, such as https://watch.example.org (docs/deploy.md)",
        )
        return [doubtful(Check.ADDRESS, text, advice)]
    judged = read_base_url(base_url)
    if judged is UrlFault.LOGIN:
        advice = worded(
            "doctor_without_login",
            "write it without the login, such as https://watch.example.org: every link carries it",
        )
        return [wrong(Check.ADDRESS, worded("doctor_address_login", "the base URL holds a login"), advice)]
    if isinstance(judged, UrlFault):
        advice = worded("doctor_write_address", "write it as https://watch.example.org")
        if "@" in base_url:  # a password may stand before it
            return [wrong(Check.ADDRESS, worded("doctor_address_wrong", "the base URL cannot be used"), advice)]
        text = worded("doctor_address_none", "the base URL {url} cannot be used", url=base_url)
        return [wrong(Check.ADDRESS, text, advice)]
    url = URL(base_url)
    text = worded("doctor_address", "people reach the server at {url}", url=url)
    said = [fine(Check.ADDRESS, text), _https(url), _public(url)]
    try:
        async with asyncio.timeout(seconds):
            return [*said, *await _visited(url, sessions, now)]
    except TimeoutError:
        text = worded("doctor_no_answer", "{url} does not answer within {seconds} s", url=url, seconds=f"{seconds:g}")
        return [*said, _unreachable(text, worded("doctor_firewall", "a firewall may be in the way"))]


def _https(url: URL) -> Finding:
    if url.scheme == "https":
        text = worded(
            "doctor_https",
            "it is https: notifications on locked screens are possible, and nobody in between can read it",
        )
        return fine(Check.HTTPS, text)
    return doubtful(
        Check.HTTPS,
        worded(
            "doctor_http",
            "it is plain http: no notifications on locked screens (Web Push), and anyone in between can read it",
        ),
        worded("doctor_serve_https", "serve it over https; docs/deploy.md shows three ways"),
    )


def _public(url: URL) -> Finding:
    host = url.host or ""
    if host == "localhost" or (_is_ip(host) and ip_address(host).is_loopback):
        return doubtful(
            Check.PUBLIC,
            worded(
                "doctor_loopback",
                "on any other device {host} means that device: only this machine reaches the server",
                host=host,
            ),
            worded(
                "doctor_set_own_address",
                "set WATCHER_BASE_URL to an address or a name of this machine (docs/deploy.md)",
            ),
        )
    if _is_local(host):
        advice = worded(
            "doctor_set_public_address",
            "when others are to read, set WATCHER_BASE_URL to a public name; printed codes carry it (docs/deploy.md)",
        )
        return doubtful(
            Check.PUBLIC, worded("doctor_local", "{host} is reached from this network alone", host=host), advice
        )
    text = worded("doctor_public", "{host} can be reached from everywhere, as far as its name says", host=host)
    return fine(Check.PUBLIC, text)


def _is_local(host: str) -> bool:
    if _is_ip(host):
        return not is_public(host)
    return "." not in host.strip(".") or host.endswith(_LOCAL_NAMES)


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _visited(url: URL, sessions: Sessions, now: Callable[[], datetime]) -> Sequence[Finding]:
    try:
        visit = await _visit(url, sessions, now)
    except (*NO_ANSWER, WatcherError) as error:
        return [_failed(url, error)]
    found = [_answered(url, visit), clock_finding(visit.date, at=visit.at, is_own=await _is_this_machine(url))]
    if url.scheme == "https":
        found.append(certificate_finding(url.host or "", await _certificate_end(url), now=now()))
    return found


async def _visit(url: URL, sessions: Sessions, now: Callable[[], datetime]) -> _Visit:
    # The operator named it, so it may be a private address. Redirects are a finding, not a way.
    asked_at = now()
    asked = url.with_path(f"{url.path.rstrip('/')}/healthz")
    async with sessions.of(allow_private=True).get(asked, allow_redirects=False) as answer:
        return _Visit(
            status=answer.status,
            body=await answer.content.read(_MAX_BODY_BYTES),
            leads_to=answer.headers.get("Location", ""),
            date=answer.headers.get("Date", ""),
            at=asked_at + (now() - asked_at) / 2,
        )


def _failed(url: URL, error: Exception) -> Finding:
    match error:
        case ClientConnectorCertificateError(certificate_error=ssl.SSLCertVerificationError() as cause):
            text = worded(
                "doctor_untrusted",
                "the certificate of {host} is not trusted: {why}",
                host=url.host,
                why=cause.verify_message.rstrip("."),
            )
            advice = worded(
                "doctor_renew_untrusted", "phones refuse it too; renew it, or get one from a public authority"
            )
            return wrong(Check.CERTIFICATE, text, advice)
        case ClientConnectorSSLError():
            text = worded("doctor_no_tls", "{url} does not speak TLS", url=url)
            return _unreachable(text, worded("doctor_other_port", "is it http, or another port?"))
        case ClientConnectorDNSError() | socket.gaierror():
            text = worded("doctor_no_name", "the name {host} is not known", host=url.host)
            return _unreachable(text, worded("doctor_make_name", "make a DNS record that leads to this machine"))
        case OSError() if error.errno is not None:
            reason = error.strerror or type(error).__name__
            text = worded("doctor_nobody", "nobody answers at {url} ({why})", url=url, why=reason)
            advice = worded("doctor_start", "start the server, open the port; {around}", around=_AROUND)
            return _unreachable(text, advice)
        case _:
            text = worded("doctor_failed", "no answer from {url} ({why})", url=url, why=type(error).__name__)
            return _unreachable(text, worded("doctor_look_at_proxy", "look at the proxy; {around}", around=_AROUND))


def _unreachable(text: str, advice: str) -> Finding:
    return wrong(Check.REACH, text, advice)


def _answered(url: URL, visit: _Visit) -> Finding:
    if 300 <= visit.status < 400:
        return wrong(
            Check.REACH,
            worded("doctor_leads_on", "{url} leads on to {place}", url=url, place=_origin(visit.leads_to)),
            worded("doctor_set_end", "set WATCHER_BASE_URL to where people end, for not every client follows"),
        )
    if visit.status in {502, 503, 504}:
        return wrong(
            Check.REACH,
            worded("doctor_proxy", "{url}: the proxy gets no answer ({status})", url=url, status=visit.status),
            worded("doctor_start_behind", "start the server; compare the ports"),
        )
    if visit.status != 200 or visit.body.strip() != b"ok":
        text = worded(
            "doctor_not_ours",
            "{url}/healthz is not ours: another program answers ({status})",
            url=url,
            status=visit.status,
        )
        advice = worded(
            "doctor_hand_every_path", "let the proxy hand every path to the server as it is; compare host and port"
        )
        return wrong(Check.REACH, text, advice)
    return fine(Check.REACH, worded("doctor_reached", "the server answers at {url}", url=url))


def _origin(location: str) -> str:
    try:
        return str(URL(location).origin())
    except ValueError:
        return worded("doctor_another_path", "another path")


def clock_finding(date: str, *, at: datetime, is_own: bool) -> Finding:
    """
    Return whether this machine's clock agrees with an answer's `Date`.

    Args:
        date: as in the header; empty when there was none.
        at: when the answer was made, by this machine's clock.
        is_own: the answer came from this machine, whose clock proves nothing about itself.
    """
    told = _date(date)
    if told is None:
        return fine(Check.CLOCK, worded("doctor_no_date", "nothing to compare it with: the answer has no Date"))
    off = abs(at - told)
    if off > CLOCK_OFF:
        side = worded("doctor_fast", "fast") if at > told else worded("doctor_slow", "slow")
        text = worded(
            "doctor_clock_off",
            "this machine's clock is {seconds} s {side}, by the Date of the base URL's answer",
            seconds=f"{off.total_seconds():.0f}",
            side=side,
        )
        advice = worded(
            "doctor_set_clock", "let it be set: `timedatectl set-ntp true`; Web Push and WeChat refuse wrong times"
        )
        return wrong(Check.CLOCK, text, advice)
    if is_own:
        text = worded(
            "doctor_own_clock",
            "nothing to compare it with: the base URL leads to this machine; `timedatectl` knows more",
        )
        return fine(Check.CLOCK, text)
    text = worded(
        "doctor_clock",
        "it agrees with the base URL's answer within {seconds} s",
        seconds=max(1, round(off.total_seconds())),
    )
    return fine(Check.CLOCK, text)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def certificate_finding(host: str, ends_at: datetime | None, *, now: datetime) -> Finding:
    """Return how long a certificate that was verified is good for; None: it was not seen again."""
    if ends_at is None:
        text = worded(
            "doctor_trusted", "the certificate of {host} is trusted; when it ends could not be seen", host=host
        )
        return fine(Check.CERTIFICATE, text)
    text = worded(
        "doctor_trusted_until",
        "the certificate of {host} is trusted until {day}, {days} days from now",
        host=host,
        day=f"{ends_at:%Y-%m-%d}",
        days=(ends_at - now) // timedelta(days=1),
    )
    if ends_at - now < RENEW_BEFORE:
        advice = worded(
            "doctor_renew",
            "renew it now, and find out why that does not happen by itself: `systemctl list-timers`",
        )
        return doubtful(Check.CERTIFICATE, text, advice)
    return fine(Check.CERTIFICATE, text)


async def _certificate_end(url: URL) -> datetime | None:
    """Return when the certificate ends. On a connection of its own, for aiohttp has let go of the other by now."""
    try:
        addresses = await _addresses(url)
        context = ssl.create_default_context()
        _, writer = await asyncio.open_connection(addresses[0], url.port, ssl=context, server_hostname=url.host)
    except (OSError, WatcherError):
        return None
    try:
        shown = writer.get_extra_info("peercert")
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), tz=UTC)
    finally:
        writer.close()


async def _is_this_machine(url: URL) -> bool:
    try:
        return any(_is_own(address) for address in await _addresses(url))
    except (OSError, WatcherError):
        return False


async def _addresses(url: URL) -> Sequence[str]:
    # Not asyncio's own lookup: a name server that does not answer would hold up the end of the process.
    found = await Resolver(is_allowed=lambda _: True).resolve(url.raw_host or "", url.port or 0)
    return [address["host"] for address in found]


def _is_own(address: str) -> bool:
    """Return whether the address is this machine's: only such a one can be bound."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
