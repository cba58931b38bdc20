"""Which hosts a worker may ask."""

from __future__ import annotations

import time

import pytest

from tests.runtime.leases import AnyLease
from watcher.core.shards import HOST_SHARDS, shard_of
from watcher.errors import LeaseLostError
from watcher.runtime.workers.held_hosts import HeldHosts

HERE, ELSEWHERE = "here.example", "elsewhere.example"


def hosts_of(*leases: AnyLease) -> HeldHosts:
    """Return what may be asked by these leases, the first of which is that of HERE."""
    hosts = HeldHosts(HOST_SHARDS)
    for lease in leases:
        hosts.take(shard_of(HERE, HOST_SHARDS), lease)
    return hosts


def test_the_host_of_a_lease_is_asked_while_that_lasts() -> None:
    lease = AnyLease()
    hosts = hosts_of(lease)
    hosts.may_start(HERE)
    lease.left = 0.0
    with pytest.raises(LeaseLostError):
        hosts.may_start(HERE)


def test_a_host_that_a_page_redirects_to_is_asked_while_any_lease_lasts() -> None:
    lease = AnyLease()
    hosts = hosts_of(lease)
    hosts.may_start(ELSEWHERE)
    lease.left = 0.0
    with pytest.raises(LeaseLostError):
        hosts.may_start(ELSEWHERE)
    with pytest.raises(LeaseLostError):
        hosts_of().may_start(ELSEWHERE)


def test_another_process_may_have_asked_a_host_until_its_shard_was_taken() -> None:
    began = time.monotonic()
    assert hosts_of().taken_at(HERE) < began
    hosts = hosts_of(AnyLease())
    assert all(began <= hosts.taken_at(host) <= time.monotonic() for host in (HERE, ELSEWHERE))
