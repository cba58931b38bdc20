"""The command `accounts`: owners, who have applications of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import click
from msgspec.structs import replace

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import ask_service, need_a_change
from watcher.cli.declaring import Argument, Option, group
from watcher.cli.options import DataOption, JsonOption
from watcher.cli.output import print_listing, time_json, time_text
from watcher.core.accounts import Account, Session
from watcher.core.values import Json
from watcher.errors import UsageError

if TYPE_CHECKING:
    from watcher.push.service import PushService

AccountArgument = Annotated[int, Argument(metavar="ACCOUNT", help="An account's number.")]
_USUAL = "usual"


def list_accounts(data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show the accounts of owners."""

    async def ask(service: PushService) -> Sequence[tuple[Account, int]]:
        return [(each, await service.accounts.app_count(each.id or 0)) for each in await service.accounts.all()]

    now = runtime.utc_now()
    print_listing(
        ask_service(data, ask),
        as_json=as_json,
        record=lambda line: _account_json(*line),
        headings=("id", "name", "state", "apps", "since"),
        cells=lambda line: (
            *(str(line[0].id), line[0].name, line[0].state.value, str(line[1])),
            time_text(line[0].created_at, now=now),
        ),
        folding=("name",),
        empty="no accounts",
    )


def approve_account(account: AccountArgument, data: DataOption = options.DATA) -> None:
    """Approve an account that waits, or that was blocked."""
    approved = ask_service(data, lambda service: service.accounts.approve(account))
    click.echo(f"account {account}, {approved.name}, approved")


def block_account(account: AccountArgument, data: DataOption = options.DATA) -> None:
    """Block an account: its sessions end, its applications send nothing; approve it to undo that."""
    blocked = ask_service(data, lambda service: service.accounts.block(account))
    click.echo(f"account {account}, {blocked.name}, blocked")


def set_account_limits(
    account: AccountArgument,
    apps: Annotated[str | None, Option("--apps", metavar="N", help="Applications; or usual.")] = None,
    topics: Annotated[str | None, Option("--topics", metavar="N", help="Topics in all; or usual.")] = None,
    messages: Annotated[str | None, Option("--messages", metavar="N", help="Messages in 24 h; or usual.")] = None,
    data: DataOption = options.DATA,
) -> None:
    """Set how much an account may have."""
    given = {"apps": apps, "topics": topics, "messages": messages}
    changes = {name: _limit(name, text) for name, text in given.items() if text is not None}
    need_a_change(changes)

    async def ask(service: PushService) -> None:
        known = await service.accounts.of_id(account)
        if known is None:
            raise UsageError(f"there is no account {account}; `watcher accounts` lists them")
        await service.accounts.set_limits(account, replace(known.limits, **changes))

    ask_service(data, ask)
    click.echo(f"account {account}: {', '.join(changes)} changed")


def hand_over_account(
    account: AccountArgument,
    to: Annotated[str, Option("--to", metavar="ACCOUNT|operator", help="Who gets its applications.")],
    data: DataOption = options.DATA,
) -> None:
    """Hand all applications of an account over to another one, or to the operator."""
    if to != "operator" and not (to.isascii() and to.isdigit() and len(to) <= 18):
        raise UsageError(f"--to {to}: give an account's number, or operator")
    receiver = None if to == "operator" else int(to)
    count = ask_service(data, lambda service: service.accounts.hand_over(account, receiver))
    click.echo(f"account {account}: {count} application{'' if count == 1 else 's'} handed over to {to}")


def remove_account(account: AccountArgument, data: DataOption = options.DATA) -> None:
    """Remove an account without applications, with its sessions, approving devices and API tokens."""
    ask_service(data, lambda service: service.accounts.remove(account))
    click.echo(f"account {account} removed")


def show_sessions(
    account: AccountArgument,
    end: Annotated[bool, Option("--end", help="Sign all of them out.")] = False,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Show the browsers in which an account is signed in."""

    async def ask(service: PushService) -> Sequence[Session]:
        if await service.accounts.of_id(account) is None:
            raise UsageError(f"there is no account {account}; `watcher accounts` lists them")
        found = await service.sessions.of_account(account)
        if end:
            await service.sessions.end_all(account)
        return found

    now = runtime.utc_now()
    found = ask_service(data, ask)
    if end:
        click.echo(f"account {account}: {len(found)} session{'' if len(found) == 1 else 's'} ended")
        return
    print_listing(
        found,
        as_json=as_json,
        record=_session_json,
        headings=("id", "browser", "since", "used"),
        cells=lambda each: (
            *(str(each.id), each.kind or "unknown"),
            *(time_text(each.created_at, now=now), time_text(each.seen_at, now=now)),
        ),
        folding=("browser",),
        empty="no sessions",
    )


accounts = group(
    "accounts",
    "Show the accounts of owners, or change them.",
    list_accounts,
    {
        "approve": approve_account,
        "block": block_account,
        "limits": set_account_limits,
        "hand-over": hand_over_account,
        "remove": remove_account,
        "sessions": show_sessions,
    },
)


def _limit(name: str, text: str) -> int | None:
    if text == _USUAL:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise UsageError(f"--{name} {text}: give a number, or {_USUAL}")
    return int(text)


def _account_json(account: Account, apps: int) -> dict[str, Json]:
    return {
        "id": account.id,
        "name": account.name,
        "state": account.state.value,
        "apps": apps,
        "limits": {
            "apps": account.limits.apps,
            "topics": account.limits.topics,
            "messages": account.limits.messages,
        },
        "created_at": time_json(account.created_at),
    }


def _session_json(session: Session) -> dict[str, Json]:
    return {
        "id": session.id,
        "browser": session.kind,
        "created_at": time_json(session.created_at),
        "seen_at": time_json(session.seen_at),
    }
