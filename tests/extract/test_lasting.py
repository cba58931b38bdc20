"""Which names people gave, and which machines made: the table of `lasting.py`, and more of each row."""

from __future__ import annotations

import re

import pytest

from watcher.extract.lasting import is_lasting, stem_of

GIVEN = re.findall(
    r"\S+",
    """
    price product-title a-price-whole ctl00_Main_lblPrice productPrice mainContent price--current current-price
    wp-block-post-title entry-content priceBlock angebotspreis Geschichtsschreibung jiage shangpin
    MuiTypography-root mw-content-text firstHeading infobox ytd-video-primary-info-renderer section-title
    nav-bar lblPrice prdPrc clock heading-h2 toTop iPhone kno-ecr-pt 价格 x-price _price
""",
)
BY_TOOLS = re.findall(
    r"\S+",
    """
    css-1q2w3e sc-bdVaJa hKzPqR LrzXr yuRUbf VwiC3b svelte-1a2b3c _ngcontent-c12 jss12 ember123 :r1: x1lliihq
    qxzvk astro-J7PV25F6 Price_value__3xYz1 Price__Value-sc-1abc-0 elementor-element-3f2a1b
    yui_3_17_2_1_1600000000000_123 ng-star-inserted f9f8e7d6c
""",
)
HOW_IT_LOOKS = re.findall(
    r"\S+",
    """
    mt-4 -mt-2 col-md-6 d-flex d-md-none text-center text-gray-500 bg-gray-100 u-hidden w-full md:w-1/2 p-0 px-3
    justify-content-between items-center flex-col font-bold text-sm rounded-lg pull-left clearfix row container
    sr-only mb-lg-4 grid-cols-3 uppercase text-muted w-50 leading-tight
""",
)
STATES = re.findall(
    r"\S+",
    """
    active is-open has-error lazyloaded tab--selected in-stock sold-out odd first last hidden
    swiper-slide-active no-js loading isActive
""",
)
COUNTERS = ["item-12", "post-4711", "tab3", "slide_2", "product-price-12345", "page-id-7", "view-dom-id-1234"]


@pytest.mark.parametrize("name", GIVEN)
def test_what_people_gave_lasts(name: str) -> None:
    assert is_lasting(name)


@pytest.mark.parametrize("name", [*BY_TOOLS, *HOW_IT_LOOKS, *STATES, *COUNTERS, "", "a b", "1a", "x" * 100])
def test_what_machines_made_or_may_pass_does_not(name: str) -> None:
    assert not is_lasting(name)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Price_value__3xYz1", "Price_value__"),
        ("Price__Value-sc-1abc-0", "Price__Value-sc-"),
        ("css-1abc-PriceValue", "-PriceValue"),
        ("css-1q2w3e", None),
        ("price", None),
        ("mt-4", None),
    ],
)
def test_the_part_that_people_gave_is_the_stem(name: str, stem: str | None) -> None:
    assert stem_of(name) == stem
