"""
No stranger leads us to an address that is not public: `ssrf.py` attacks inside a network namespace of its own.

The same run reaches public addresses, and the denied ones when that is allowed, so a canary that hears nothing is one
that could hear.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any, Final

import pytest

from tests.faults.spellings import DENIED_V4, DENIED_V6
from tests.faults.tally import Tally, sized

_ATTEMPTS: Final = sized(1_400, 28_000)
_FEWEST_REACHED: Final = 30
"""Of the denied addresses, when they are allowed; some kernels let nobody have some of them."""
_INSIDE: Final = ("unshare", "--net", "--mount")
_TIMES: Final = sized(1, 20)
"""For which a name of a name server is asked for by each kind of request."""


def _may_unshare() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    return subprocess.run([*_INSIDE, "true"], check=False, capture_output=True).returncode == 0


_NEEDS_NAMESPACES: Final = pytest.mark.skipif(
    not _may_unshare(), reason="network namespaces need Linux, `unshare`, `ip` and root"
)


def _attack(attempts: int, program: str = "ssrf") -> dict[str, Any]:
    command = [*_INSIDE, sys.executable, "-m", f"tests.faults.{program}", str(attempts)]
    done = subprocess.run(command, check=False, capture_output=True, timeout=110, text=True)
    assert done.returncode == 0, done.stderr[-2_000:]
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@_NEEDS_NAMESPACES
def test_no_url_no_redirect_and_no_name_leads_to_an_address_that_is_denied(tally: Tally) -> None:
    tally.what = "requests to addresses that are not public"
    said = _attack(_ATTEMPTS)
    controls = said["controls"]
    tally.tried, tally.failed = sum(said["made"].values()), len(said["hits"])
    tally.figures["kinds"] = str(len(said["made"]))
    tally.figures["public addresses reached"] = f"{controls['public']} (and {said['public']} times on the way)"
    tally.figures["denied ones reached when allowed"] = f"{controls['private']} of {len(DENIED_V4) + len(DENIED_V6)}"
    assert tally.failed == 0, f"{said['hits'][:20]}"
    assert controls["public"] == 3
    assert controls["private"] >= _FEWEST_REACHED
    assert said["public"] > len(said["made"])
    assert min(said["made"].values()) >= _ATTEMPTS // len(said["made"])


@_NEEDS_NAMESPACES
@pytest.mark.faults
def test_no_name_server_leads_to_this_machine_however_it_answers(tally: Tally) -> None:
    tally.what = "requests for names whose own name server turns to this machine, by answers of 15 kinds"
    said = _attack(_TIMES, "rebinding")
    tally.tried, tally.failed = sum(said["made"].values()), len(said["hits"])
    tally.figures["public addresses reached on the way"] = str(said["public"])
    tally.figures["ways in when private ones are allowed"] = str(said["reached"])
    assert tally.failed == 0, f"{said['hits'][:20]}"
    assert said["public"] > 0
    assert said["reached"] >= 3
