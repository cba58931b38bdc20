"""`watcher accounts`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Command
from watcher.core.accounts import AccountState, Purpose, Registration
from watcher.core.push import AppProfile
from watcher.core.settings import Settings
from watcher.runtime import push_service


async def _register(data: Path) -> None:
    async with push_service(Settings(data=data)) as service:
        code = await service.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
        await service.registrations.register(code.code, "Grace", Registration.OPEN, kind="Phone", replacing=None)
        await service.apps.add(AppProfile(name="Shop"), account_id=1)


async def test_an_account_is_approved_limited_handed_over_and_removed(watcher: Command) -> None:
    await _register(watcher.directory / ".watcher")
    (listed,) = (await watcher("accounts", "--json")).records
    assert (listed["id"], listed["name"], listed["state"], listed["apps"]) == (1, "Grace", AccountState.ACTIVE, 1)
    assert (await watcher("accounts", "approve", "1")).out == "account 1, Grace, approved\n"
    assert (await watcher("accounts", "limits", "1", "--apps", "3", "--messages", "5")).out == (
        "account 1: apps, messages changed\n"
    )
    assert (await watcher("accounts", "limits", "1", "--apps", "usual")).out == "account 1: apps changed\n"
    (listed,) = (await watcher("accounts", "--json")).records
    assert listed["limits"] == {"apps": None, "topics": None, "messages": 5}
    refused = await watcher("accounts", "remove", "1")
    assert (refused.status, "hand them over" in refused.err) == (2, True)
    refused = await watcher("accounts", "hand-over", "1", "--to", "operator", "--grace", "7d")
    assert (refused.status, "between two active accounts" in refused.err) == (2, True)
    assert (await watcher("accounts", "hand-over", "1", "--to", "operator", "--grace", "0s")).status == 2
    assert "handed over to operator" in (await watcher("accounts", "hand-over", "1", "--to", "operator")).out
    assert (await watcher("accounts", "sessions", "1")).out == "no sessions\n"
    assert (await watcher("accounts", "block", "1")).out == "account 1, Grace, blocked\n"
    assert (await watcher("accounts", "remove", "1")).out == "account 1 removed\n"
    assert (await watcher("accounts")).out == "no accounts\n"


@pytest.mark.faults
async def test_devices_and_sessions_are_listed_and_ended_and_a_link_lets_the_owner_in_again(watcher: Command) -> None:
    data = watcher.directory / ".watcher"
    await _register(data)
    (device,) = (await watcher("accounts", "approvers", "1", "--json")).records
    assert (device["id"], device["device"]) == (1, "Phone")
    refused = await watcher("accounts", "approvers", "1", "--end", "1")
    assert (refused.status, "nobody could sign in to account 1 any more; pass --yes" in refused.err) == (2, True)
    assert (await watcher("accounts", "approvers", "1", "--end", "7")).status == 2
    assert (await watcher("accounts", "approvers", "1", "--end", "1", "--yes")).out == "account 1: 1 device ended\n"
    assert (await watcher("accounts", "approvers", "1")).out == "no device may approve sign-ins\n"
    made = await watcher("accounts", "recover", "1", "--base-url", "https://push.example")
    assert made.out.startswith("https://push.example/console/in/")
    assert made.err == "good for 30 minutes, once; give it to the owner of account 1 alone\n"
    code = made.out.strip().rpartition("/")[2]
    async with push_service(Settings(data=data)) as service:
        await service.approvers.let_approve_by(code, kind="New phone", replacing=None)
        shown = await service.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
        await service.sign_ins.approve(shown.code, await service.approvers.let_approve(1, kind="", replacing=None))
        await service.sign_ins.finish(shown, kind="Firefox · Linux", replacing=None)
    (session,) = (await watcher("accounts", "sessions", "1", "--json")).records
    assert session["browser"] == "Firefox · Linux"
    assert (await watcher("accounts", "sessions", "1", "--end", "9")).status == 2
    assert (await watcher("accounts", "sessions", "1", "--end", str(session["id"]))).out == (
        "account 1: 1 session ended\n"
    )
    assert (await watcher("accounts", "sessions", "1", "--end", "all")).out == "account 1: 0 sessions ended\n"
    await watcher("accounts", "recover", "1", "--end-others")
    assert (await watcher("accounts", "approvers", "1")).out == "no device may approve sign-ins\n"
    await watcher("accounts", "block", "1")
    refused = await watcher("accounts", "recover", "1")
    assert (refused.status, "Grace is blocked; approve it before" in refused.err) == (2, True)


@pytest.mark.faults
async def test_what_is_no_account_is_said(watcher: Command) -> None:
    await watcher("tokens", "add", "x", "--scope", "apps:read")
    for words in (
        ["approve", "9"],
        ["block", "9"],
        ["sessions", "9"],
        ["approvers", "9"],
        ["recover", "9"],
        ["limits", "9", "--apps", "1"],
    ):
        refused = await watcher("accounts", *words)
        assert (refused.status, "there is no account 9" in refused.err) == (2, True)
    for words in (["limits", "1", "--apps", "many"], ["hand-over", "1", "--to", "Grace"], ["limits", "1"]):
        assert (await watcher("accounts", *words)).status == 2
