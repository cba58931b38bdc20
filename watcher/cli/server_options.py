"""The options of every command that serves, said once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from msgspec import Struct

from watcher.cli import options
from watcher.cli.declaring import Option
from watcher.core import pace
from watcher.core.caps import DailyCaps
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.runtime import Settings
    from watcher.web.proxies import Network
    from watcher.web.tls import TlsFiles

_CAPS: Final = DailyCaps()


class ServerOptions(Struct, frozen=True, kw_only=True):
    """What a server is told; each field is an option."""

    data: options.DataOption = options.DATA
    host: Annotated[
        str,
        Option(
            "--host",
            envvar="WATCHER_HOST",
            metavar="ADDRESS",
            help="The address to listen on; :: is every one, 0.0.0.0 every one of IPv4.",
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int,
        Option(
            "--port", envvar="WATCHER_PORT", metavar="PORT", low=0, high=65535, help="The port; 0 takes a free one."
        ),
    ] = options.PORT
    base_url: options.BaseUrlOption = None
    health: Annotated[
        str | None,
        Option(
            "--health",
            envvar="WATCHER_HEALTH",
            metavar="[ADDRESS:]PORT",
            help="Answer /readyz and /metrics there too, to whoever asks. Without an address: 127.0.0.1.",
        ),
    ] = None
    tls_cert: Annotated[
        Path | None,
        Option(
            "--tls-cert",
            envvar="WATCHER_TLS_CERT",
            metavar="FILE",
            help="Speak https with this certificate (PEM, with its chain); read again when it is renewed.",
        ),
    ] = None
    tls_key: Annotated[
        Path | None,
        Option("--tls-key", envvar="WATCHER_TLS_KEY", metavar="FILE", help="The key of --tls-cert (PEM)."),
    ] = None
    trusted_proxy: Annotated[
        list[str] | None,
        Option(
            "--trusted-proxy",
            envvar="WATCHER_TRUSTED_PROXIES",
            metavar="ADDRESS|CIDR",
            help="A proxy whose X-Forwarded-For is believed, as 127.0.0.1 or 10.0.0.0/8. Repeatable; in the "
            "environment separated by blanks or commas. Default: none.",
        ),
    ] = None
    call_limit: Annotated[
        int,
        Option(
            "--call-limit",
            envvar="WATCHER_CALL_LIMIT",
            metavar="N",
            low=1,
            high=1_000_000,
            help="Sends of one application in 10 s; of its other calls 100, or as many if that is more.",
        ),
    ] = pace.APP_CALLS
    max_connections: Annotated[
        int,
        Option(
            "--max-connections",
            envvar="WATCHER_MAX_CONNECTIONS",
            metavar="N",
            low=16,
            help="Connections that are open at once; three quarters of them may be live inboxes.",
        ),
    ] = pace.CONNECTIONS
    max_connections_per_address: Annotated[
        int,
        Option(
            "--max-connections-per-address",
            envvar="WATCHER_MAX_CONNECTIONS_PER_ADDRESS",
            metavar="N",
            low=1,
            help="Of them from one address (IPv6: one /64); a --trusted-proxy has as many as there are.",
        ),
    ] = pace.CONNECTIONS_PER_ADDRESS
    daily_limit: Annotated[
        int | None,
        Option(
            "--daily-limit",
            envvar="WATCHER_DAILY_LIMIT",
            metavar="N",
            low=1,
            help="Messages of one application to one subscriber in 24 h. Default: no limit.",
        ),
    ] = None
    daily_subscribers: Annotated[
        int,
        Option(
            "--daily-subscribers",
            envvar="WATCHER_DAILY_SUBSCRIBERS",
            metavar="N",
            low=1,
            high=1_000_000_000,
            help="New readers in 24 h, of all strangers together. One address makes a tenth, also of the next five.",
        ),
    ] = _CAPS.subscribers
    daily_questions: Annotated[
        int,
        Option(
            "--daily-questions",
            envvar="WATCHER_DAILY_QUESTIONS",
            metavar="N",
            low=1,
            high=1_000_000_000,
            help="Mails and codes that ask whether an address is right, in 24 h.",
        ),
    ] = _CAPS.questions
    daily_trials: Annotated[
        int,
        Option(
            "--daily-trials",
            envvar="WATCHER_DAILY_TRIALS",
            metavar="N",
            low=1,
            high=1_000_000_000,
            help="Trials at /try in 24 h.",
        ),
    ] = _CAPS.trials
    daily_claims: Annotated[
        int,
        Option(
            "--daily-claims",
            envvar="WATCHER_DAILY_CLAIMS",
            metavar="N",
            low=1,
            high=1_000_000_000,
            help="Links by which another device, or WeChat, joins an inbox, in 24 h.",
        ),
    ] = _CAPS.claims
    daily_codes: Annotated[
        int,
        Option(
            "--daily-codes",
            envvar="WATCHER_DAILY_CODES",
            metavar="N",
            low=1,
            high=1_000_000_000,
            help="QR codes that WeChat is asked for in 24 h.",
        ),
    ] = _CAPS.codes
    daily_commands: Annotated[
        int,
        Option(
            "--daily-commands",
            envvar="WATCHER_DAILY_COMMANDS",
            metavar="N",
            low=1,
            high=1_000_000_000,
            help="What subscribers write to applications in 24 h.",
        ),
    ] = _CAPS.commands
    max_callbacks: Annotated[
        int,
        Option(
            "--max-callbacks",
            envvar="WATCHER_MAX_CALLBACKS",
            metavar="N",
            low=1,
            high=1_000_000,
            help="Callbacks that wait for one application, of 10 KB at most; what is more is not told.",
        ),
    ] = pace.CALLBACKS
    keep_messages: Annotated[
        str | None,
        Option(
            "--keep-messages",
            envvar="WATCHER_KEEP_MESSAGES",
            metavar="TIME",
            help="Remove messages that are older, such as 90d; at least 7d. Default: keep them.",
        ),
    ] = None
    vapid_subject: Annotated[
        str | None,
        Option(
            "--vapid-subject",
            envvar="WATCHER_VAPID_SUBJECT",
            metavar="mailto:YOU|URL",
            help="Whom browsers' push services ask when something is wrong. Default: the base URL, where it is https.",
        ),
    ] = None
    failover_after: Annotated[
        str | None,
        Option(
            "--failover-after",
            envvar="WATCHER_FAILOVER_AFTER",
            metavar="TIME",
            help="What a subscriber was not shown by then goes to its next channel: 30s or more. Default: 5m.",
        ),
    ] = None
    private_callbacks: Annotated[
        bool,
        Option(
            "--private-callbacks/--no-private-callbacks",
            envvar="WATCHER_PRIVATE_CALLBACKS",
            help="Whether callbacks may go to private addresses: to whatever this machine can reach.",
        ),
    ] = False
    trial: Annotated[
        bool,
        Option(
            "--trial/--no-trial", envvar="WATCHER_TRIAL", help="Whether visitors may send themselves a test, at /try."
        ),
    ] = True

    def settings(self, *, push: str | None = None, app_token: str | None = None) -> Settings:
        """Return the settings that these make. Raises ConfigError, UsageError."""
        from watcher.runtime import Settings

        return Settings(
            data=self.data,
            host=self.host,
            port=self.port,
            base_url=options.check_base_url(self.base_url),
            health=_health(self.health),
            tls=_tls(self.tls_cert, self.tls_key),
            trusted_proxies=_proxies(self.trusted_proxy or ()),
            call_limit=self.call_limit,
            max_connections=self.max_connections,
            max_connections_per_address=self.max_connections_per_address,
            daily_limit=self.daily_limit,
            caps=DailyCaps(
                subscribers=self.daily_subscribers,
                questions=self.daily_questions,
                trials=self.daily_trials,
                claims=self.daily_claims,
                codes=self.daily_codes,
                commands=self.daily_commands,
            ),
            max_callbacks=self.max_callbacks,
            keep_messages=_kept(self.keep_messages),
            vapid_subject=self.vapid_subject,
            failover_after=_failover(self.failover_after),
            private_callbacks=self.private_callbacks,
            has_trial=self.trial,
            push=push,
            app_token=app_token,
        )


def takes_server_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command, whose first argument is ServerOptions, with those options in its place, after its own."""
    _, *own = inspect.signature(command, eval_str=True).parameters.values()
    shared = inspect.signature(ServerOptions, eval_str=True).parameters

    @wraps(command)
    def take(**given: Any) -> None:
        server = ServerOptions(**{name: given.pop(name) for name in shared})
        command(server, **given)

    signature = inspect.Signature([each.replace(kind=each.KEYWORD_ONLY) for each in (*own, *shared.values())])
    take.__signature__ = signature  # type: ignore[attr-defined]  # `declaring` reads the options there
    return take


def _health(text: str | None) -> tuple[str, int] | None:
    """Return the address and the port. Raises UsageError."""
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit()):
        raise UsageError(f"--health {text}: write a port, 9400, or an address and a port, 0.0.0.0:9400 or [::1]:9400")
    return host.strip("[]") or "127.0.0.1", int(port[:6])


def _proxies(given: Sequence[str]) -> Sequence[Network]:
    """Return the networks of the proxies. Raises UsageError."""
    from watcher.web.proxies import read_proxy

    texts = [text for each in given for text in each.replace(",", " ").split()]
    try:
        return tuple(read_proxy(text) for text in texts)
    except ValueError as error:
        raise UsageError(f"--trusted-proxy: {error}; write an address, 10.0.0.1, or a network, 10.0.0.0/8") from error


def _tls(certificate: Path | None, key: Path | None) -> TlsFiles | None:
    """Return the files of the certificate, if it is given. Raises UsageError for one without the other."""
    from watcher.web.tls import TlsFiles

    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UsageError("--tls-cert and --tls-key belong together; give both, or neither for plain http")
    return TlsFiles(certificate=certificate, key=key)


def _failover(text: str | None) -> timedelta:
    """Return when the next channel takes over. Raises UsageError."""
    from watcher.core.handovers import WORTH_TELLING

    if text is None:
        return pace.FAILOVER_AFTER
    waits = options.duration("--failover-after", text)
    if not pace.LEAST_FAILOVER_AFTER <= waits < WORTH_TELLING:
        raise UsageError(f"--failover-after {text}: at least 30s, and less than 1d, after which no channel takes over")
    return waits


def _kept(text: str | None) -> timedelta | None:
    """Return how long messages are kept; None: for ever. Raises UsageError."""
    if text is None:
        return None
    kept = options.duration("--keep-messages", text)
    if kept < timedelta(days=7):
        raise UsageError(f"--keep-messages {text}: at least 7d, for that long a repeated message is recognised")
    return kept
