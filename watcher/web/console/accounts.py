"""The owners, as the operator sees them: who they are, how much they may have, and what becomes of them."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from watcher.core.accounts import Account, AccountLimits
from watcher.errors import RefusedError
from watcher.push.accounts import MAX_LIMIT
from watcher.translations import text
from watcher.web.console.confirming import require_recent
from watcher.web.console.numbers import number
from watcher.web.console.scope import number_in
from watcher.web.console.shell import Room, Said, ask, done, render_room
from watcher.web.forms import form_texts
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.pages.language import language_of

ACCOUNTS: Final = "/console/accounts"
_PAGE: Final = 50
_LIMITS: Final = ("apps", "topics", "messages")
_OPERATOR: Final = "operator"


async def show_accounts(request: web.Request) -> web.Response:
    """`GET /console/accounts?before=`."""
    before = number(request.query.get("before", ""))
    found = await request.app[SERVICE].accounts.page(before=before, limit=_PAGE + 1)
    lines, has_more = found[:_PAGE], len(found) > _PAGE
    return render_room(
        request,
        "accounts.html",
        Room.ACCOUNTS,
        lines=lines,
        registration=request.app[SETTINGS].registration,
        newer=ACCOUNTS if before is not None else "",
        older=f"{ACCOUNTS}?before={lines[-1][0].id}" if has_more else "",
    )


async def show_account(request: web.Request) -> web.Response:
    """`GET /console/accounts/{account}`."""
    return await _page(request, await _account(request))


async def approve_account(request: web.Request) -> web.Response:
    """`POST /console/accounts/{account}/approve`: of one that waits, or was blocked."""
    account = await _account(request)
    await require_recent(request, back=_path(account))
    await request.app[SERVICE].accounts.approve(number_in(request, "account"))
    return done(_path(account), Said.ACCOUNT_APPROVED)


async def block_account(request: web.Request) -> web.Response:
    """`POST /console/accounts/{account}/block`: it does nothing more; approving it undoes that."""
    account = await _account(request)
    await require_recent(request, back=_path(account))
    await request.app[SERVICE].accounts.block(number_in(request, "account"))
    return done(_path(account), Said.ACCOUNT_BLOCKED)


async def set_account_limits(request: web.Request) -> web.Response:
    """`POST /console/accounts/{account}/limits`: an empty field is as the settings say."""
    account, form = await _account(request), await form_texts(request)
    given = {name: form.get(name, "").strip() for name in _LIMITS}
    if any(value and _number(value) is None for value in given.values()):
        return await _page(request, account, status=422, given=given, wrong="limits_wrong")
    limits = AccountLimits(**{name: _number(value) for name, value in given.items()})
    await request.app[SERVICE].accounts.set_limits(number_in(request, "account"), limits)
    return done(_path(account), Said.ACCOUNT_LIMITS)


async def hand_over_account(request: web.Request) -> web.Response:
    """`POST /console/accounts/{account}/hand-over`: all its applications, to another account or the operator."""
    account, form = await _account(request), await form_texts(request)
    await require_recent(request, back=_path(account))
    to = form.get("to", "").strip()
    receiver = None if to == _OPERATOR else _number(to)
    if receiver is None and to != _OPERATOR:
        return await _page(request, account, status=422, wrong_to="hand_over_wrong")
    try:
        await request.app[SERVICE].accounts.hand_over(number_in(request, "account"), receiver)
    except RefusedError:
        return await _page(request, account, status=422, wrong_to="hand_over_wrong")
    return done(_path(account), Said.ACCOUNT_HANDED_OVER)


async def ask_to_remove_account(request: web.Request) -> web.Response:
    """`GET /console/accounts/{account}/delete`: what would end with it."""
    account = await _account(request)
    await require_recent(request, back=request.path)
    if await request.app[SERVICE].accounts.app_count(number_in(request, "account")):
        return await _page(request, account, status=422, wrong_to="remove_has_apps")
    language = language_of(request)
    return ask(
        request,
        Room.ACCOUNTS,
        question=text(language, "remove_account_ask", name=account.name),
        what=[text(language, "remove_account_means")],
        action=f"{_path(account)}/delete",
        label=text(language, "remove_account"),
        back=_path(account),
    )


async def remove_account(request: web.Request) -> web.Response:
    """`POST /console/accounts/{account}/delete`: refused while it has applications."""
    account = await _account(request)
    await require_recent(request, back=_path(account))
    try:
        await request.app[SERVICE].accounts.remove(number_in(request, "account"))
    except RefusedError:
        return await _page(request, account, status=422, wrong_to="remove_has_apps")
    return done(ACCOUNTS, Said.ACCOUNT_REMOVED)


async def _account(request: web.Request) -> Account:
    account = await request.app[SERVICE].accounts.of_id(number_in(request, "account"))
    if account is None:
        raise web.HTTPNotFound
    return account


async def _page(
    request: web.Request,
    owner: Account,
    *,
    status: int = 200,
    given: dict[str, str] | None = None,
    wrong: str = "",
    wrong_to: str = "",
) -> web.Response:
    service, account_id = request.app[SERVICE], number_in(request, "account")
    limits, usual = owner.limits, request.app[SETTINGS].owner_limits
    set_to = {name: getattr(limits, name) for name in _LIMITS}
    return render_room(
        request,
        "account.html",
        Room.ACCOUNTS,
        status=status,
        owner=owner,
        app_count=await service.accounts.app_count(account_id),
        sessions=await service.sessions.of_account(account_id),
        approvers=await service.sign_ins.approvers(account_id),
        fields=given or {name: "" if value is None else str(value) for name, value in set_to.items()},
        usual={"apps": usual.most_apps, "topics": usual.most_topics, "messages": usual.most_messages},
        wrong=wrong,
        wrong_to=wrong_to,
    )


def _path(account: Account) -> str:
    return f"{ACCOUNTS}/{account.id}"


def _number(value: str) -> int | None:
    """Return the number from 0 to MAX_LIMIT that is written; None for anything else."""
    is_number = value.isascii() and value.isdigit() and len(value) <= len(str(MAX_LIMIT))
    return int(value) if is_number and int(value) <= MAX_LIMIT else None
