"""`watcher accounts`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Command
from watcher.core.accounts import AccountState, Purpose, Registration
from watcher.core.push import AppProfile
from watcher.core.settings import Settings
from watcher.runtime import push_service


async def _register(data: Path) -> None:
    async with push_service(Settings(data=data)) as service:
        code = await service.sign_ins.make(Purpose.SIGN_IN, kind="", address="")
        await service.sign_ins.register(code.code, "Grace", Registration.OPEN, kind="Phone", replacing=None)
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
    assert "handed over to operator" in (await watcher("accounts", "hand-over", "1", "--to", "operator")).out
    assert (await watcher("accounts", "sessions", "1")).out == "no sessions\n"
    assert (await watcher("accounts", "block", "1")).out == "account 1, Grace, blocked\n"
    assert (await watcher("accounts", "remove", "1")).out == "account 1 removed\n"
    assert (await watcher("accounts")).out == "no accounts\n"


async def test_what_is_no_account_is_said(watcher: Command) -> None:
    await watcher("tokens", "add", "x", "--scope", "apps:read")
    for words in (["approve", "9"], ["block", "9"], ["sessions", "9"], ["limits", "9", "--apps", "1"]):
        refused = await watcher("accounts", *words)
        assert (refused.status, "there is no account 9" in refused.err) == (2, True)
    for words in (["limits", "1", "--apps", "many"], ["hand-over", "1", "--to", "Grace"], ["limits", "1"]):
        assert (await watcher("accounts", *words)).status == 2
