"""The owners, as the operator sees them: who they are, how much they may have, and what becomes of them."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from markupsafe import Markup

from watcher.core.accounts import OPERATOR, Account, AccountState, LimitOverrides
from watcher.errors import RefusedError
from watcher.push.accounts import MAX_LIMIT
from watcher.push.qr import qr_svg
from watcher.push.sign_in_codes import RECOVERY_LIFE, letters_of_request
from watcher.translations import text
from watcher.web.addresses import known, number_in
from watcher.web.console.app_keys import GRACES, grace_choice
from watcher.web.console.confirming import require_recent
from watcher.web.console.kept import SECRETS
from watcher.web.console.paging import page_of
from watcher.web.console.shell import Choice, Room, Said, ask, done, render_room
from watcher.web.forms import form_texts
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.pages.language import language_of
from watcher.web.pages.view import words_in

ACCOUNTS: Final = "/console/accounts"
_LIMITS: Final = ("apps", "topics", "messages")
_OPERATOR: Final = "operator"
_STAY: Final = "stay"
_END: Final = "end"
_GRACES: Final = ("none", "day", "week")
"""How long the tokens of applications that are handed over still work."""


async def show_accounts(request: web.Request) -> web.Response:
    """`GET /console/accounts?before=&after=`."""
    page = await page_of(request, request.app[SERVICE].accounts.page, lambda line: line[0].id or 0)
    return render_room(
        request,
        "accounts.html",
        Room.ACCOUNTS,
        page=page,
        letters={each.id: letters_of_request(each) for each, _ in page.items},
        registration=request.app[SETTINGS].registration,
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
    limits = LimitOverrides(**{name: _number(value) for name, value in given.items()})
    await request.app[SERVICE].accounts.set_limits(number_in(request, "account"), limits)
    return done(_path(account), Said.ACCOUNT_LIMITS)


async def ask_to_hand_over(request: web.Request) -> web.Response:
    """`GET /console/accounts/{account}/hand-over?to=`: what goes to whom, and what that means."""
    account = await _account(request)
    to = request.query.get("to", "").strip()
    receiver = await _receiver(request, to)
    if receiver is None or receiver.id == account.id:
        return await _page(request, account, status=422, wrong_to="hand_over_wrong")
    await require_recent(request, back=f"{request.path}?to={receiver.id or _OPERATOR}")
    has, t = await request.app[SERVICE].accounts.holdings(number_in(request, "account")), words_in(language_of(request))
    may_wait = account.state is AccountState.ACTIVE and not receiver.is_operator
    return ask(
        request,
        Room.ACCOUNTS,
        question=(
            t("hand_over_ask_you", name=account.name)
            if receiver.is_operator
            else t("hand_over_ask", name=account.name, to=receiver.name)
        ),
        what=[
            t("hand_over_apps", count=has.apps),
            t("hand_over_topics", count=has.topics),
            t("hand_over_subscribers", count=has.subscribers),
            t("hand_over_ends"),
            t("hand_over_stays"),
            *([] if may_wait else [t("hand_over_tokens")]),
        ],
        label=t("hand_over_do"),
        back=_path(account),
        hidden={"to": to},
        choice=grace_choice(t, t("hand_over_grace"), t("hand_over_grace_hint"), _GRACES) if may_wait else None,
    )


async def hand_over_account(request: web.Request) -> web.Response:
    """`POST /console/accounts/{account}/hand-over`: all its applications, to another account or the operator."""
    account, form = await _account(request), await form_texts(request)
    receiver, grace = await _receiver(request, form.get("to", "").strip()), form.get("grace", "none")
    await require_recent(request, back=_path(account))
    if grace not in _GRACES:
        raise web.HTTPBadRequest
    if receiver is None:
        return await _page(request, account, status=422, wrong_to="hand_over_wrong")
    try:
        accounts = request.app[SERVICE].accounts
        await accounts.hand_over(number_in(request, "account"), receiver.id, grace=GRACES[grace])
    except RefusedError:
        return await _page(request, account, status=422, wrong_to="hand_over_wrong")
    return done(_path(account), Said.ACCOUNT_HANDED_OVER)


async def end_account_session(request: web.Request) -> web.Response:
    """`POST /console/accounts/{account}/sessions/{id}/end`: that browser of theirs is signed out."""
    account, number = await _account(request), number_in(request, "id")
    known(await request.app[SERVICE].sessions.end_one(account.id, number))
    return done(_path(account), Said.SESSION_ENDED)


async def end_account_sessions(request: web.Request) -> web.Response:
    """`POST /console/accounts/{account}/sessions/end`: they are signed out everywhere."""
    account = await _account(request)
    await request.app[SERVICE].sessions.end_all(account.id)
    return done(_path(account), Said.SESSIONS_ENDED)


async def end_account_approver(request: web.Request) -> web.Response:
    """`POST /console/accounts/{account}/approvers/{id}/end`: that device of theirs approves nothing more."""
    account, number = await _account(request), number_in(request, "id")
    await require_recent(request, back=_path(account))
    known(await request.app[SERVICE].approvers.end(account.id, number))
    return done(_path(account), Said.APPROVER_ENDED)


async def ask_to_recover(request: web.Request) -> web.Response:
    """`GET /console/accounts/{account}/recovery`: what a recovery link is for, and whether others end."""
    account = await _account(request)
    await require_recent(request, back=request.path)
    t = words_in(language_of(request))
    return ask(
        request,
        Room.ACCOUNTS,
        question=t("recovery_ask", name=account.name),
        what=[t("recovery_means"), t("recovery_who")],
        label=t("recovery_make"),
        back=_path(account),
        is_final=False,
        choice=Choice(
            name="others",
            label=t("recovery_others"),
            options=[(_STAY, t("recovery_stay")), (_END, t("recovery_end"))],
            value=_STAY,
            hint=t("recovery_others_hint"),
        ),
    )


async def recover_account(request: web.Request) -> web.Response:
    """`POST /console/accounts/{account}/recovery`: leads to the account's page, which shows the link once."""
    account, form = await _account(request), await form_texts(request)
    await require_recent(request, back=request.path)
    others = form.get("others", "")
    if others not in (_STAY, _END):
        raise web.HTTPBadRequest
    try:
        code = await request.app[SERVICE].recovery.make_code(number_in(request, "account"), ends_others=others == _END)
    except RefusedError:
        return await _page(request, account, status=422, wrong_recovery="recovery_inactive")
    request.app[SECRETS].put(request, _recovery_of(account), request.app[SETTINGS].link(f"/console/in/{code}"))
    return done(_path(account), Said.RECOVERY_MADE)


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


def _recovery_of(account: Account) -> str:
    return f"recovery {account.id}"


async def _receiver(request: web.Request, to: str) -> Account | None:
    """Return who is written in the form; None for nobody who may have applications."""
    if to == _OPERATOR:
        return OPERATOR
    account = None if (number := _number(to)) is None else await request.app[SERVICE].accounts.of_id(number)
    return account if account is not None and account.state is AccountState.ACTIVE else None


async def _account(request: web.Request) -> Account:
    return known(await request.app[SERVICE].accounts.of_id(number_in(request, "account")))


async def _page(
    request: web.Request,
    owner: Account,
    *,
    status: int = 200,
    given: dict[str, str] | None = None,
    wrong: str = "",
    wrong_to: str = "",
    wrong_recovery: str = "",
) -> web.Response:
    service, account_id = request.app[SERVICE], number_in(request, "account")
    link = request.app[SECRETS].pop(request, _recovery_of(owner))
    limits, usual = owner.limits, request.app[SETTINGS].account_limits
    set_to = {name: getattr(limits, name) for name in _LIMITS}
    return render_room(
        request,
        "account.html",
        Room.ACCOUNTS,
        status=status,
        owner=owner,
        letters=letters_of_request(owner),
        app_count=await service.accounts.app_count(account_id),
        sessions=await service.sessions.of_account(account_id),
        approvers=await service.approvers.of_account(account_id),
        fields=given or {name: "" if value is None else str(value) for name, value in set_to.items()},
        usual={name: getattr(usual, name) for name in _LIMITS},
        wrong=wrong,
        wrong_to=wrong_to,
        wrong_recovery=wrong_recovery,
        recovery=link,
        recovery_qr=Markup(qr_svg(link) if link else ""),  # noqa: S704 our own drawing
        recovery_minutes=int(RECOVERY_LIFE.total_seconds() // 60),
    )


def _path(account: Account) -> str:
    return f"{ACCOUNTS}/{account.id}"


def _number(value: str) -> int | None:
    """Return the number from 0 to MAX_LIMIT that is written; None for anything else."""
    is_number = value.isascii() and value.isdigit() and len(value) <= len(str(MAX_LIMIT))
    return int(value) if is_number and int(value) <= MAX_LIMIT else None
