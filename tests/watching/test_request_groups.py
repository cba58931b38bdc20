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


class Company(RequestGroups):
    """The groups of watches that come and go."""

    def __init__(self) -> None:
        chances = count(1)
        self.watches: dict[str, Watch] = {}
        super().__init__(self.watches, lambda: next(chances) / 100)

    def come(self, *watches: Watch) -> None:
        """Let these come, in place of those with the same ids."""
        went = [self.watches.pop(one.id) for one in watches if one.id in self.watches]
        self.watches |= {one.id: one for one in watches}
        self.follow(watches, went)

    def go(self, *ids: str) -> None:
        """Let these go."""
        self.follow((), [self.watches.pop(one) for one in ids])


def company_of(*watches: Watch) -> Company:
    company = Company()
    company.come(*watches)
    return company


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


def test_whoever_comes_and_goes_makes_other_companies() -> None:
    company = company_of(asking("one"), asking("other"))
    company.go("other")
    assert company.of("one") == ()
    company.come(asking("new"))
    assert list(company.of("new")) == ["one", "new"]
    company.come(asking("new", replace(PAGE, cookies={"login": "x"})))
    assert (company.of("one"), company.of("new")) == (["one"], ["new"])
    company.come(replace(asking("one"), is_enabled=False), asking("new"))
    assert (company.of("one"), company.of("new")) == ((), ())


def test_who_comes_and_goes_elsewhere_changes_nothing_for_a_company() -> None:
    company = company_of(asking("one"), asking("other"))
    first = company.first_chance("one")
    company.come(asking("third", Request(url="https://x.example/")))
    company.go("third")
    assert (list(company.of("one")), company.first_chance("one")) == (["one", "other"], first)
