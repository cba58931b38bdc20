"""Who shares a page with whom."""

from __future__ import annotations

from itertools import count

import pytest
from msgspec.structs import replace

from tests.core.builders import watch
from watcher.core.watch import Request, Watch
from watcher.watching.request_groups import RequestGroups

PAGE = Request(url="https://shop.example/dune")


def asking(name: str, request: Request = PAGE) -> Watch:
    return replace(watch(), id=name, request=request)


def company_of(*watches: Watch) -> RequestGroups:
    chances = count(1)
    return RequestGroups({one.id: one for one in watches}, lambda: next(chances) / 100)


@pytest.mark.parametrize(
    ("other", "company"),
    [
        pytest.param(PAGE, ["one", "other"], id="the same request"),
        pytest.param(replace(PAGE, url="https://shop.example/emma"), [], id="another page"),
        pytest.param(replace(PAGE, cookies={"login": "x"}), ["one"], id="other cookies"),
        pytest.param(replace(PAGE, allow_private=True), ["one"], id="other rights"),
    ],
)
def test_watches_with_one_request_are_in_company(other: Request, company: list[str]) -> None:
    assert list(company_of(asking("one"), asking("other", other)).of("one")) == company


def test_a_watch_that_is_not_enabled_is_in_nobodys_company() -> None:
    assert company_of(asking("one"), replace(asking("off"), is_enabled=False)).of("one") == ()


def test_first_checks_of_a_company_fall_on_one_moment_and_those_of_others_do_not() -> None:
    company = company_of(asking("one"), asking("other"), asking("alone", Request(url="https://x.example/")))
    assert company.first_chance("one") == company.first_chance("other")
    assert company.first_chance("alone") != company.first_chance("one")
    assert company.first_chance("alone") != company.first_chance("alone")


def test_another_file_makes_other_companies() -> None:
    one, other = asking("one"), asking("other")
    company = company_of(one, other)
    company.follow({"one": one})
    assert company.of("one") == ()
    company.follow({"one": one, "new": replace(one, id="new")})
    assert list(company.of("new")) == ["one", "new"]
