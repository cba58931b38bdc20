"""The command `accounts`: owners, who have applications of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import click
from msgspec.structs import replace

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import ask_service, grace_of, need_a_change
from watcher.cli.declaring import Argument, Option, group
from watcher.cli.options import BaseUrlOption, DataOption, JsonOption
from watcher.cli.output import print_listing, time_json, time_text
from watcher.core.accounts import Account, Approver, Session
from watcher.core.values import Json
from watcher.errors import UsageError
from watcher.push.sign_in_codes import RECOVERY_LIFE

if TYPE_CHECKING:
    from watcher.push.service import PushService

AccountArgument = Annotated[int, Argument(metavar="ACCOUNT", help="An account's number.")]
_USUAL = "usual"
_ALL = "all"


def list_accounts(data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show the accounts of owners."""

    now = runtime.utc_now()
    print_listing(
        ask_service(data, lambda service: service.accounts.all_counted()),
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
        known = await _known(service, account)
        await service.accounts.set_limits(account, replace(known.limits, **changes))

    ask_service(data, ask)
    click.echo(f"account {account}: {', '.join(changes)} changed")


def hand_over_account(
    account: AccountArgument,
    to: Annotated[str, Option("--to", metavar="ACCOUNT|operator", help="Who gets its applications.")],
    grace: Annotated[
        str | None, Option("--grace", metavar="TIME", help="How long their tokens still work: 1d, 7d; else no more.")
    ] = None,
    data: DataOption = options.DATA,
) -> None:
    """Hand all applications of an account over to another one, or to the operator; what it has of them ends."""
    if to != "operator" and not (to.isascii() and to.isdigit() and len(to) <= 18):
        raise UsageError(f"--to {to}: give an account's number, or operator")
    receiver, left = None if to == "operator" else int(to), grace_of(grace)
    count = ask_service(data, lambda service: service.accounts.hand_over(account, receiver, grace=left))
    click.echo(f"account {account}: {count} application{'' if count == 1 else 's'} handed over to {to}")


def remove_account(account: AccountArgument, data: DataOption = options.DATA) -> None:
    """Remove an account without applications, with its sessions, approving devices and API tokens."""
    ask_service(data, lambda service: service.accounts.remove(account))
    click.echo(f"account {account} removed")


def show_sessions(
    account: AccountArgument,
    end: Annotated[str | None, Option("--end", metavar="ID|all", help="Sign one of them out, or all.")] = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Show the browsers in which an account is signed in, or sign them out."""
    number = _one_or_all(end)

    async def ask(service: PushService) -> Sequence[Session]:
        await _known(service, account)
        if end is None:
            return await service.sessions.of_account(account)
        if number is not None and await service.sessions.end_one(account, number) is None:
            raise UsageError(
                f"account {account} has no session {number}; `watcher accounts sessions {account}` lists them"
            )
        count = 1 if number is not None else await service.sessions.end_all(account)
        click.echo(f"account {account}: {count} session{'' if count == 1 else 's'} ended")
        return []

    found = ask_service(data, ask)
    if end is None:
        _print_signing_in(found, what="browser", empty="no sessions", as_json=as_json)


def show_approvers(
    account: AccountArgument,
    end: Annotated[
        str | None, Option("--end", metavar="ID|all", help="Let one of them approve no more, or all.")
    ] = None,
    yes: Annotated[bool, Option("--yes", help="Do not ask, even if none is left to sign in by.")] = False,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Show the devices that may approve sign-ins to an account, or end that."""
    number = _one_or_all(end)

    async def ask(service: PushService) -> Sequence[Approver]:
        await _known(service, account)
        found = await service.approvers.of_account(account)
        if end is None:
            return found
        if number is not None and number not in [each.id for each in found]:
            raise UsageError(
                f"account {account} has no device {number}; `watcher accounts approvers {account}` lists them"
            )
        if found and not yes and (number is None or len(found) == 1):
            raise UsageError(
                f"nobody could sign in to account {account} any more; pass --yes to end it, and then let them in by "
                f"`watcher accounts recover {account}`"
            )
        if number is None:
            count = await service.approvers.end_all(account)
        else:
            count = int(await service.approvers.end(account, number) is not None)
        click.echo(f"account {account}: {count} device{'' if count == 1 else 's'} ended")
        return []

    found = ask_service(data, ask)
    if end is None:
        _print_signing_in(found, what="device", empty="no device may approve sign-ins", as_json=as_json)


def recover_account(
    account: AccountArgument,
    end_others: Annotated[
        bool,
        Option("--end-others", help="Also end its sessions, approving devices and API tokens now, as after a theft."),
    ] = False,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
) -> None:
    """Print a link for an owner who lost their phone: the phone that opens it may approve sign-ins again."""
    settings = options.link_settings(data, base_url)
    code = ask_service(data, lambda service: service.recovery.make_code(account, ends_others=end_others))
    click.echo(settings.link(f"/console/in/{code}"))
    minutes = int(RECOVERY_LIFE.total_seconds() // 60)
    click.echo(f"good for {minutes} minutes, once; give it to the owner of account {account} alone", err=True)


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
        "approvers": show_approvers,
        "recover": recover_account,
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


def _one_or_all(end: str | None) -> int | None:
    """Return the number that --end names; None for all, or none."""
    if end is None or end == _ALL:
        return None
    if not (end.isascii() and end.isdigit() and len(end) <= 18):
        raise UsageError(f"--end {end}: give a number of the list, or {_ALL}")
    return int(end)


async def _known(service: PushService, account: int) -> Account:
    known = await service.accounts.of_id(account)
    if known is None:
        raise UsageError(f"there is no account {account}; `watcher accounts` lists them")
    return known


def _print_signing_in(found: Sequence[Session | Approver], *, what: str, empty: str, as_json: bool) -> None:
    """Print browsers, or devices, by which somebody signs in."""
    now = runtime.utc_now()
    print_listing(
        found,
        as_json=as_json,
        record=lambda each: {
            "id": each.id,
            what: each.kind,
            "created_at": time_json(each.created_at),
            "seen_at": time_json(each.seen_at),
        },
        headings=("id", what, "since", "used"),
        cells=lambda each: (
            *(str(each.id), each.kind or "unknown"),
            *(time_text(each.created_at, now=now), time_text(each.seen_at, now=now)),
        ),
        folding=(what,),
        empty=empty,
    )
