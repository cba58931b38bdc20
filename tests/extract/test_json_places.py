"""Where a lost value of JSON may stand now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from time import process_time, thread_time

import pytest
from msgspec.structs import replace

from tests.extract.builders import jsonpath, page, seen, watch
from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.page_profile import Usual
from watcher.core.proposal import Proposal
from watcher.core.values import Json, ValueType
from watcher.core.watch import Values
from watcher.core.witness import packed
from watcher.extract.relocation import proposals
from watcher.extract.witness import verify

LAMP: dict[str, Json] = {"sku": "L-1", "name": "Lamp", "cents": 3900, "weight": 900, "state": "in stock"}
DESK: dict[str, Json] = {"sku": "D-7", "name": "Desk", "cents": 4100, "weight": 9000, "state": "sold out"}
CENTS = Values(selectors={"cents": jsonpath("$.cents", ValueType.INTEGER)})


def sent(body: Json) -> Page:
    return page(json.dumps(body), media_type="application/json")


def proposed(before: Json, after: Json, extraction: Values = CENTS) -> tuple[Proposal, ...]:
    rows = seen(sent(before), extraction).rows
    budget = CpuBudget(thread_time)
    witnesses = verify(sent(before), watch(extraction), Usual(rows={}), rows, budget).witnesses
    return proposals(sent(after), watch(extraction), Usual(rows=rows, witnesses=packed(witnesses)), budget)


def renamed(body: Mapping[str, Json], **names: str) -> dict[str, Json]:
    return {names.get(name, name): value for name, value in body.items()}


@pytest.mark.parametrize(
    ("after", "path"),
    [
        pytest.param({"data": {"product": LAMP}}, "$.data.product.cents", id="in another object"),
        pytest.param(renamed(LAMP, cents="price_cents"), "$.price_cents", id="under a longer name"),
        pytest.param(
            {**renamed(LAMP, cents="price_cents"), "price_cents": 3400},
            "$.price_cents",
            id="under a longer name, with another value",
        ),
        pytest.param({"products": [DESK, LAMP]}, "$.products[1].cents", id="in one of two objects, by its neighbours"),
        pytest.param({"products": [DESK, DESK, DESK, LAMP]}, "$.products[3].cents", id="in one of many"),
    ],
)
def test_a_member_is_found_by_its_name_and_its_neighbours(after: Json, path: str) -> None:
    (found,) = proposed(LAMP, after)
    assert (found.name, found.label, found.last, found.is_clear) == ("cents", "cents", "3900", True)
    assert found.places[0].selector == path


def test_of_objects_alike_none_is_proposed_alone() -> None:
    (found,) = proposed({"cents": 3900}, {"products": [{"cents": 3900}, {"cents": 3900}]})
    assert not found.is_clear


def test_the_price_of_another_thing_is_not_proposed_as_if_it_were_clear() -> None:
    assert not any(found.is_clear for found in proposed(LAMP, {"related": [DESK, {**DESK, "sku": "D-8"}]}))


def test_a_member_that_is_there_is_not_looked_for() -> None:
    assert proposed(LAMP, {**LAMP, "cents": 3400}) == ()


def test_what_is_known_of_a_member_is_renewed_only_when_that_is_due() -> None:
    budget, rows = CpuBudget(thread_time), seen(sent(LAMP), CENTS).rows
    known = verify(sent(LAMP), watch(CENTS), Usual(rows={}), rows, budget).witnesses
    usual = Usual(rows=rows, witnesses=packed(known))
    renewed = sent(renamed(LAMP, weight="grams"))
    assert verify(renewed, watch(CENTS), usual, rows, budget).witnesses == known
    assert verify(renewed, watch(CENTS), replace(usual, is_profile_due=True), rows, budget).witnesses != known


@pytest.mark.parametrize("path", ["$", "$.products[0]", "$..cents", "$.products[*].cents", "$.products[?@.cents]"])
def test_what_no_path_names_alone_has_no_neighbours(path: str) -> None:
    extraction = Values(selectors={"cents": jsonpath(path)})
    body = sent({"products": [LAMP, DESK]})
    rows = seen(body, extraction).rows
    assert not verify(body, watch(extraction), Usual(rows={}), rows, CpuBudget(thread_time)).witnesses


def test_a_large_answer_is_looked_through_within_bounds() -> None:
    rows: list[Json] = [{**DESK, "sku": f"D-{number}"} for number in range(3_000)]
    numbers: Json = {str(number): number for number in range(9_000)}
    body: Json = {"pages": [rows[at : at + 500] for at in range(0, 3_000, 500)], "numbers": numbers}
    start = process_time()
    proposed(LAMP, body)
    assert process_time() - start < 3
