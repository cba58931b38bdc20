"""The options of every command that serves, said once, and the settings that they make."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Final

import click
from msgspec.structs import replace

from watcher.cli import options
from watcher.cli.declaring import Option
from watcher.cli.watch_file import duration
from watcher.core import pace
from watcher.core.accounts import AccountLimits, Registration
from watcher.core.caps import DailyCaps
from watcher.core.handovers import WORTH_TELLING
from watcher.core.settings import Settings, TlsFiles
from watcher.errors import UsageError
from watcher.runtime import checked_operator_name
from watcher.web.transport.proxies import Network, read_proxy

_DEFAULT: Final = Settings(data=options.DATA)


def _option(name: str, metavar: str | None, text: str, **attributes: Any) -> Option:
    """Return an option that the environment may hold as well: `--call-limit` is WATCHER_CALL_LIMIT there."""
    variable = "WATCHER_" + name.partition("/")[0].removeprefix("--").replace("-", "_").upper()
    return Option(name, **{"envvar": variable, "metavar": metavar, "help": text, **attributes})


def _daily(what: str, text: str) -> Option:
    return _option(f"--daily-{what}", "N", text, low=1, high=1_000_000_000)


HostOption = Annotated[
    str, _option("--host", "ADDRESS", "The address to listen on; :: means all of them, 0.0.0.0 all of IPv4.")
]
PortOption = Annotated[int, _option("--port", "PORT", "The port to listen on; 0 takes a free one.", low=0, high=65535)]
HealthOption = Annotated[
    str | None,
    _option(
        "--health", "[ADDRESS:]PORT", "Serve /readyz and /metrics there too, to anyone. Default of ADDRESS: 127.0.0.1."
    ),
]
TlsCertOption = Annotated[
    Path | None,
    _option(
        "--tls-cert",
        "FILE",
        "Serve https with this certificate (PEM, with its chain); a renewed one is read without a restart.",
    ),
]
TlsKeyOption = Annotated[Path | None, _option("--tls-key", "FILE", "The key of --tls-cert (PEM).")]
TrustedProxyOption = Annotated[
    list[str] | None,
    _option(
        "--trusted-proxy",
        "ADDRESS|CIDR",
        "A proxy whose X-Forwarded-For is trusted, such as 127.0.0.1 or 10.0.0.0/8. Repeatable; in the "
        "environment, separated by blanks or commas. Default: none.",
        envvar="WATCHER_TRUSTED_PROXIES",
    ),
]
CallLimitOption = Annotated[
    int,
    _option(
        "--call-limit",
        "N",
        "Sends that one application may make in 10 s. Of its other calls: 100, or N if that is more.",
        low=1,
        high=1_000_000,
    ),
]
MaxConnectionsOption = Annotated[
    int,
    _option(
        "--max-connections",
        "N",
        "Connections open at the same time; at most three quarters of them are live inboxes.",
        low=16,
    ),
]
MaxConnectionsPerAddressOption = Annotated[
    int,
    _option(
        "--max-connections-per-address",
        "N",
        "Connections open from one address (IPv6: one /64). For a --trusted-proxy: --max-connections.",
        low=1,
    ),
]
DailyLimitOption = Annotated[
    int | None,
    _option("--daily-limit", "N", "Messages from one application to one subscriber in 24 h. Default: no limit.", low=1),
]
DailySubscribersOption = Annotated[
    int,
    _daily(
        "subscribers",
        "New readers in 24 h, of all strangers together; one address may create a tenth of N. "
        "The same holds for the next six limits.",
    ),
]
DailyQuestionsOption = Annotated[int, _daily("questions", "Mails and codes sent to confirm an address, in 24 h.")]
DailyTrialsOption = Annotated[int, _daily("trials", "Trials at /try in 24 h.")]
DailyClaimsOption = Annotated[
    int, _daily("claims", "Links that let another device, or WeChat, join an inbox, in 24 h.")
]
DailyCodesOption = Annotated[int, _daily("codes", "QR codes requested from WeChat in 24 h.")]
DailyAccountsOption = Annotated[int, _daily("accounts", "Owners who register for the console, in 24 h.")]
RegistrationOption = Annotated[
    Registration,
    _option(
        "--registration",
        None,
        "Whether a person who scans a sign-in code of the console for the first time gets an account: at once, once "
        "you approve, or not at all.",
    ),
]
OwnerAppsOption = Annotated[
    int, _option("--owner-apps", "N", "Applications that one account may have.", low=0, high=1_000_000_000)
]
OwnerTopicsOption = Annotated[
    int,
    _option("--owner-topics", "N", "Topics that one account may have, in all.", low=0, high=1_000_000_000),
]
OwnerMessagesOption = Annotated[
    int,
    _option("--owner-messages", "N", "Messages that one account may send in 24 h.", low=0, high=1_000_000_000),
]
DailyCommandsOption = Annotated[int, _daily("commands", "Commands that subscribers send to applications, in 24 h.")]
MaxCallbacksOption = Annotated[
    int,
    _option(
        "--max-callbacks",
        "N",
        "Callbacks of at most 10 KB that may wait for one application, and as many of at most 20 KB for its webhooks; "
        "further ones are dropped.",
        low=1,
        high=1_000_000,
    ),
]
KeepMessagesOption = Annotated[
    str | None,
    _option(
        "--keep-messages", "TIME", "Delete messages older than this, such as 90d; at least 7d. Default: keep them."
    ),
]
VapidSubjectOption = Annotated[
    str | None,
    _option(
        "--vapid-subject",
        "mailto:YOU|URL",
        "The contact given to browsers' push services. Default: the base URL, if it is https.",
    ),
]
FailoverAfterOption = Annotated[
    str | None,
    _option(
        "--failover-after",
        "TIME",
        "How long a message may stay unseen before it goes out on the subscriber's next channel: 30s or more. "
        "Default: 5m.",
    ),
]
PrivateCallbacksOption = Annotated[
    bool,
    _option(
        "--private-callbacks/--no-private-callbacks",
        None,
        "Whether callbacks of the operator's own applications may go to private addresses, that is, to whatever this "
        "machine can reach.",
    ),
]
OperatorNameOption = Annotated[
    str | None,
    _option(
        "--operator-name",
        "NAME",
        "Who runs the server, as its pages tell subscribers; at most 60 characters. Default: what was typed at the "
        "first start on a terminal.",
    ),
]
TrialOption = Annotated[
    bool, _option("--trial/--no-trial", None, "Whether visitors may send themselves a test message at /try.")
]


def server_settings(
    *,
    data: options.DataOption = options.DATA,
    database: options.DatabaseOption = None,
    host: HostOption = _DEFAULT.host,
    port: PortOption = options.PORT,
    base_url: options.BaseUrlOption = None,
    health: HealthOption = None,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
    trusted_proxy: TrustedProxyOption = None,
    call_limit: CallLimitOption = _DEFAULT.app_calls.calls,
    max_connections: MaxConnectionsOption = _DEFAULT.max_connections,
    max_connections_per_address: MaxConnectionsPerAddressOption = _DEFAULT.max_connections_per_address,
    daily_limit: DailyLimitOption = None,
    caps: DailyCaps,
    max_callbacks: MaxCallbacksOption = _DEFAULT.max_callbacks,
    keep_messages: KeepMessagesOption = None,
    vapid_subject: VapidSubjectOption = None,
    failover_after: FailoverAfterOption = None,
    private_callbacks: PrivateCallbacksOption = _DEFAULT.private_callbacks,
    trial: TrialOption = _DEFAULT.has_trial,
    operator_name: OperatorNameOption = None,
    registration: RegistrationOption = _DEFAULT.registration,
    owner_apps: OwnerAppsOption = _DEFAULT.account_limits.apps,
    owner_topics: OwnerTopicsOption = _DEFAULT.account_limits.topics,
    owner_messages: OwnerMessagesOption = _DEFAULT.account_limits.messages,
) -> Settings:
    """Return what these options of a server say. Raises ConfigError, UsageError."""
    return Settings(
        data=data,
        database=options.check_database(database),
        host=host,
        port=port,
        base_url=options.check_base_url(base_url),
        health=health_address(health),
        tls=tls_files(tls_cert, tls_key),
        trusted_proxies=_proxies(trusted_proxy or ()),
        max_connections=max_connections,
        max_connections_per_address=max_connections_per_address,
        app_calls=replace(_DEFAULT.app_calls, calls=call_limit),
        # Who may send more may ask as much.
        app_questions=replace(_DEFAULT.app_questions, calls=max(_DEFAULT.app_questions.calls, call_limit)),
        daily_limit=daily_limit,
        caps=caps,
        max_callbacks=max_callbacks,
        keep_messages=_kept(keep_messages),
        vapid_subject=vapid_subject,
        failover_after=_failover(failover_after),
        private_callbacks=private_callbacks,
        has_trial=trial,
        operator_name=None if operator_name is None else checked_operator_name(operator_name),
        registration=registration,
        account_limits=AccountLimits(apps=owner_apps, topics=owner_topics, messages=owner_messages),
    )


def daily_caps(
    *,
    daily_subscribers: DailySubscribersOption = _DEFAULT.caps.subscribers,
    daily_questions: DailyQuestionsOption = _DEFAULT.caps.questions,
    daily_trials: DailyTrialsOption = _DEFAULT.caps.trials,
    daily_claims: DailyClaimsOption = _DEFAULT.caps.claims,
    daily_codes: DailyCodesOption = _DEFAULT.caps.codes,
    daily_commands: DailyCommandsOption = _DEFAULT.caps.commands,
    daily_accounts: DailyAccountsOption = _DEFAULT.caps.accounts,
) -> DailyCaps:
    """Return what these options say that strangers may make in 24 h."""
    return DailyCaps(
        subscribers=daily_subscribers,
        questions=daily_questions,
        trials=daily_trials,
        claims=daily_claims,
        codes=daily_codes,
        commands=daily_commands,
        accounts=daily_accounts,
    )


def takes_server_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command, whose first argument is the settings, with the server's options in its place, after its own."""
    _, *own = inspect.signature(command, eval_str=True).parameters.values()
    of_server, of_caps = (inspect.signature(each, eval_str=True).parameters for each in (server_settings, daily_caps))

    @wraps(command)
    def take(**given: Any) -> None:
        caps = daily_caps(**{name: given.pop(name) for name in of_caps})
        settings = server_settings(caps=caps, **{name: given.pop(name) for name in of_server if name != "caps"})
        command(settings, **given)

    shared = [*of_server.values()]
    place = list(of_server).index("caps")
    shared[place : place + 1] = of_caps.values()
    signature = inspect.Signature([each.replace(kind=each.KEYWORD_ONLY) for each in (*own, *shared)])
    take.__signature__ = signature  # type: ignore[attr-defined]  # `declaring` reads the options there
    return take


def warn_of_loopback(ready: Settings) -> None:
    """Say how others reach a server whose links lead to this machine alone."""
    if ready.is_loopback:
        click.echo(
            f"a phone cannot open these links, for {ready.public_url} is this machine alone: "
            "--host 0.0.0.0 lets in the phones on its network, --base-url names its address behind a proxy"
        )


def health_address(text: str | None) -> tuple[str, int] | None:
    """Return what `--health` says. Raises UsageError."""
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit()):
        raise UsageError(f"--health {text}: write a port, 9400, or an address and a port, 0.0.0.0:9400 or [::1]:9400")
    return host.strip("[]") or "127.0.0.1", int(port[:6])


def _proxies(given: Sequence[str]) -> Sequence[Network]:
    texts = [text for each in given for text in each.replace(",", " ").split()]
    try:
        return tuple(read_proxy(text) for text in texts)
    except ValueError as error:
        raise UsageError(f"--trusted-proxy: {error}; write an address, 10.0.0.1, or a network, 10.0.0.0/8") from error


def tls_files(certificate: Path | None, key: Path | None) -> TlsFiles | None:
    """Return what `--tls-cert` and `--tls-key` say. Raises UsageError."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UsageError("--tls-cert and --tls-key belong together; give both, or neither for plain http")
    return TlsFiles(certificate=certificate, key=key)


def _failover(text: str | None) -> timedelta:
    if text is None:
        return pace.FAILOVER_AFTER
    waits = duration("--failover-after", text)
    if not pace.LEAST_FAILOVER_AFTER <= waits < WORTH_TELLING:
        raise UsageError(f"--failover-after {text}: at least 30s, and less than 1d, after which no channel takes over")
    return waits


def _kept(text: str | None) -> timedelta | None:
    """Return how long messages are kept; None: for ever. Raises UsageError."""
    if text is None:
        return None
    kept = duration("--keep-messages", text)
    if kept < timedelta(days=7):
        raise UsageError(f"--keep-messages {text}: at least 7d, for that long a repeated message is recognised")
    return kept
