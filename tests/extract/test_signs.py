"""How much of the usual place's signs another place has: each row of the table of `signs`."""

from __future__ import annotations

import pytest

from tests.extract.builders import page
from watcher.extract.body import HtmlBody, open_body
from watcher.extract.signs import WEIGHTS, Place, Sign, weighed

SHOP = (
    "<main class=product><h1>Lamp</h1><i class=sku>Model</i><p class=buy><b>Price</b> <span class=price>39 €</span>"
    "</p><em>In stock</em></main>"
)
TABLE = (
    "<h2>Courses</h2><table><tr><th>Course</th><th>Seats</th></tr>"
    "<tr><td>Spanish</td><td class=price>4</td><td>Hall</td></tr></table>"
)


def place(body: str) -> Place:
    opened = open_body(page(body))
    assert isinstance(opened, HtmlBody)
    return Place(
        next(one for one in opened.elements() if one.attr("id") == "it" or "price" in (one.attr("class") or ""))
    )


def shares(before: str, after: str) -> dict[Sign, float]:
    """Return of the signs of the place on the first page how much the one on the second has."""
    found = place(after).signs(place(before).witness)
    return {sign: round(share, 3) for sign, share in found.items() if share is not None}


@pytest.mark.parametrize(
    ("before", "after", "sign", "share"),
    [
        pytest.param(SHOP, SHOP.replace("Price", "Price:"), "label", 0.8, id="but for signs"),
        pytest.param(SHOP, SHOP.replace("</b>", "</b><span>2</span>"), "label", 0.5, id="another count"),
        pytest.param(SHOP, SHOP.replace("</b>", "</b><u>From</u><span></span>"), "label", 0.25, id="farther off"),
        pytest.param(SHOP, SHOP.replace("Price", "Weight"), "label", 0.0, id="another label"),
        pytest.param(TABLE, TABLE.replace("Seats", "Room"), "header", 0.0, id="another column"),
        pytest.param(TABLE, TABLE.replace("Hall", "Garden"), "row", 0.333, id="another cell of its row"),
        pytest.param(SHOP, SHOP.replace("Lamp", "Desk"), "heading", 0.0, id="another heading"),
        pytest.param(SHOP, SHOP.replace("class=price", "class='price old'"), "own", 0.667, id="one more class"),
        pytest.param(SHOP, SHOP.replace("class=buy", "class=offer"), "above", 0.6, id="within another class"),
        pytest.param(SHOP, SHOP.replace("main", "div"), "path", 0.667, id="within another tag"),
        pytest.param(SHOP, SHOP.replace("Model", "Made"), "before", 0.5, id="another text before"),
        pytest.param(SHOP, SHOP.replace("In stock", "Sold out"), "after", 0.0, id="another text after"),
        pytest.param(SHOP, SHOP.replace("<em>", "<em class=stock>"), "around", 0.333, id="another class around"),
    ],
)
def test_the_table(before: str, after: str, sign: Sign, share: float) -> None:
    assert set(shares(before, before).values()) == {1.0}
    assert shares(before, after)[sign] == share


def test_what_a_witness_does_not_have_does_not_count() -> None:
    assert "header" not in shares(SHOP, TABLE)
    assert place(SHOP).likeness(place(SHOP).witness) == 1


def test_signs_count_by_their_weights() -> None:
    assert weighed({"label": 1.0, "after": 0.0, "row": None}) == WEIGHTS["label"] / (
        WEIGHTS["label"] + WEIGHTS["after"]
    )
    assert weighed({"row": None}) == 0


def test_names_that_tools_made_are_no_signs() -> None:
    made = SHOP.replace("class=price", "class='price css-1q2w3e'")
    renamed = made.replace("css-1q2w3e", "css-9z8y7x")
    assert shares(made, renamed)["own"] == 1
